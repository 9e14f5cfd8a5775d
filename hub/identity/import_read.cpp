#include <array>

#include "core/ascii.h"
#include "core/csv.h"
#include "core/time_format.h"
#include "core/unicode.h"
#include "identity/import_plan.h"
#include "identity/people_service.h"

namespace yimen::identity {

namespace {

constexpr std::size_t kMaxText = 200;  // characters of a name or title
constexpr std::size_t kMaxCode = 64;

/// The cells of one line, with the line's place for complaints.
class Line {
public:
    Line(ImportPlan& plan, const char* file, core::CsvRow& row, std::span<const std::string_view> columns)
        : plan_(plan), file_(file), row_(row), columns_(columns) {}

    std::size_t number() const { return row_.line; }
    bool good() const { return good_; }

    void complain(std::size_t column, std::string what, std::string todo) {
        good_ = false;
        plan_.complain(file_, row_.line, std::string(columns_[column]).c_str(), std::move(what), std::move(todo));
    }

    std::string text(std::size_t column) const { return std::string(core::trim(row_.cells[column])); }

    std::string needed(std::size_t column, std::size_t limit) {
        std::string value = text(column);
        if (value.empty()) complain(column, "不能为空 / must not be empty", "填写此列 / fill in this column");
        return bounded(column, std::move(value), limit);
    }

    std::string bounded(std::size_t column, std::string value, std::size_t limit) {
        if (core::characterCount(value) > limit) {
            complain(column, "过长 / is too long",
                     "最多 " + std::to_string(limit) + " 个字符 / at most " + std::to_string(limit) + " characters");
        }
        return value;
    }

    core::Secret secret(std::size_t column) { return core::Secret(std::move(row_.cells[column])); }

    store::Validity validity(std::size_t from, std::size_t to) {
        store::Validity found{day(from, store::kAlways), day(to, store::kOpenEnd)};
        if (good_ && found.from > found.to) {
            complain(to, "早于 valid_from / lies before valid_from", "更正日期 / correct the dates");
        }
        return found;
    }

private:
    Day day(std::size_t column, Day whenEmpty) {
        const std::string value = text(column);
        if (value.empty()) return whenEmpty;
        const auto parsed = core::parseDate(value);
        if (parsed.ok()) return dayAt(*parsed, std::chrono::minutes(0));
        complain(column, "不是有效日期 / is not a date",
                 "写作 2026-01-31，无期限则留空 / write 2026-01-31, or leave empty");
        return whenEmpty;
    }

    ImportPlan& plan_;
    const char* file_;
    core::CsvRow& row_;
    std::span<const std::string_view> columns_;
    bool good_ = true;
};

template <std::size_t N, typename Take>
void eachLine(ImportPlan& plan, const char* file, const std::string& text,
              const std::array<std::string_view, N>& columns, Take take) {
    if (text.empty()) return;
    if (text.size() > Importer::kMaxFileBytes) {
        plan.complain(file, 0, "", "文件过大 / the file is too large", "分成几个文件导入 / import it in parts");
        return;
    }
    core::CsvFile read = core::readCsv(text, columns);
    for (core::CsvProblem& problem : read.problems) {
        plan.complain(file, problem.line, problem.column.c_str(), std::move(problem.what), std::move(problem.todo));
    }
    for (core::CsvRow& row : read.rows) {
        Line line(plan, file, row, columns);
        take(line);
    }
}

void readOrganisation(ImportPlan& plan, Line& line) {
    OrganisationLine found;
    found.line = line.number();
    found.record.code = line.needed(0, kMaxCode);
    found.parentCode = line.text(1);
    const auto kind = orgKindFromText(line.text(2));
    if (!kind) {
        line.complain(2, "未知的机构类别 / unknown kind",
                      "用 district、department、street、community 或 grid / use one of these words");
    }
    found.record.kind = kind.value_or(store::OrgKind::kDepartment);
    found.record.name = line.needed(3, kMaxText);
    found.record.nameEn = line.bounded(4, line.text(4), kMaxText);
    found.record.validity = line.validity(5, 6);
    if (found.record.code.find(';') != std::string::npos) {
        line.complain(0, "不能含分号 / must not hold a semicolon", "换一个代码 / choose another code");
    }
    if (line.good()) plan.organisations.push_back(std::move(found));
}

bool isPhone(std::string_view text) {
    return text.find_first_not_of("0123456789+- ") == std::string_view::npos && text.size() <= 32;
}

void readPerson(ImportPlan& plan, Line& line) {
    PersonLine found;
    found.line = line.number();
    found.record.username = line.text(0);
    auto key = core::normalizeUsername(found.record.username);
    if (!key.ok()) {
        line.complain(0, "用户名无效 / is not a user name", key.error().message);
    } else {
        found.record.usernameKey = std::move(key).value();
    }
    found.record.name = line.needed(1, kMaxText);
    found.record.phone = line.text(2);
    if (!isPhone(found.record.phone)) {
        line.complain(2, "不是电话号码 / is not a phone number", "只用数字、+、- 和空格 / use digits, +, - and spaces");
    }
    found.password = line.secret(3);
    if (line.good()) plan.people.push_back(std::move(found));
}

void readPost(ImportPlan& plan, Line& line) {
    PostLine found;
    found.line = line.number();
    auto key = core::normalizeUsername(line.text(0));
    if (!key.ok()) {
        line.complain(0, "用户名无效 / is not a user name", key.error().message);
    } else {
        found.usernameKey = std::move(key).value();
    }
    found.orgCode = line.needed(1, kMaxCode);
    found.record.title = line.bounded(2, line.text(2), kMaxText);
    const auto roles = RoleSet::parse(line.text(3));
    if (!roles.ok()) {
        line.complain(3, roles.error().message,
                      "用分号分隔 / separate by ';': clerk leader grid_worker data_steward system_admin security_admin "
                      "auditor");
    } else {
        found.roles = *roles;
        found.record.roles = roles->write();
    }
    found.record.validity = line.validity(4, 5);
    if (line.good()) plan.posts.push_back(std::move(found));
}

}  // namespace

ImportPlan readImport(const ImportFiles& files) {
    constexpr std::array<std::string_view, 7> kOrganisations{"code",    "parent",     "kind",    "name",
                                                             "name_en", "valid_from", "valid_to"};
    constexpr std::array<std::string_view, 4> kPeople{"username", "name", "phone", "password"};
    constexpr std::array<std::string_view, 6> kPosts{"username", "org", "title", "roles", "valid_from", "valid_to"};
    ImportPlan plan;
    eachLine(plan, kOrganisationsFile, files.organisations, kOrganisations,
             [&](Line& line) { readOrganisation(plan, line); });
    eachLine(plan, kPeopleFile, files.people, kPeople, [&](Line& line) { readPerson(plan, line); });
    eachLine(plan, kPostsFile, files.posts, kPosts, [&](Line& line) { readPost(plan, line); });
    return plan;
}

}  // namespace yimen::identity
