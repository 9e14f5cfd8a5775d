#include "vault/links_import.h"

#include <array>

#include "core/ascii.h"
#include "core/csv.h"

namespace yimen::vault {

namespace {

constexpr std::array<std::string_view, 4> kColumns{"username", "system", "field", "value"};
enum Column : std::size_t { kUsername, kSystem, kField, kValue };

class Problems {
public:
    explicit Problems(LinksReport& report) : report_(report) {}
    void add(std::size_t line, std::string column, std::string what, std::string todo) {
        if (report_.problems.size() >= LinksImporter::kMaxProblems) return;
        report_.problems.push_back({line, std::move(column), std::move(what), std::move(todo)});
    }

private:
    LinksReport& report_;
};

}  // namespace

LinksImporter::Plan LinksImporter::read(std::string_view csv) const {
    Plan plan;
    Problems problems(plan.report);
    core::CsvFile file = core::readCsv(csv, kColumns);
    for (core::CsvProblem& problem : file.problems) {
        problems.add(problem.line, std::move(problem.column), std::move(problem.what), std::move(problem.todo));
    }
    for (core::CsvRow& row : file.rows) {
        const std::string username(core::trim(row.cells[kUsername]));
        const std::string system(core::trim(row.cells[kSystem]));
        const std::string field(core::trim(row.cells[kField]));
        core::Secret value(std::move(row.cells[kValue]));
        const auto person = username.empty() ? std::optional<PersonId>(0) : findPerson_(username);
        if (!person) {
            problems.add(row.line, "username", "没有此人 / there is nobody of this name",
                         "先导入人员，或更正用户名 / import the person first, or correct the name");
        } else if (!knowsSystem_(system)) {
            problems.add(row.line, "system", "没有此系统 / there is no system of this id",
                         "先安装适配器，或更正标识 / install the adapter first, or correct the id");
        } else if (field.empty()) {
            problems.add(row.line, "field", "不能为空 / must not be empty",
                         "填写字段名 / fill in the name of the field");
        } else if (value.empty()) {
            problems.add(row.line, "value", "不能为空 / must not be empty",
                         "填写内容或删去此行 / fill it in or remove the line");
        } else if (!plan.accounts[{*person, system}].emplace(field, std::move(value)).second) {
            problems.add(row.line, "field", "同一账号的字段重复 / this field stands twice for one account",
                         "删去其中一行 / remove one of the lines");
        } else {
            ++plan.report.fields;
        }
    }
    plan.report.accounts = plan.accounts.size();
    return plan;
}

LinksReport LinksImporter::check(std::string_view csv) const {
    return read(csv).report;
}

core::Result<LinksReport> LinksImporter::apply(std::string_view csv) {
    const Plan plan = read(csv);
    if (!plan.report.problems.empty()) return plan.report;
    const auto store = [&]() -> core::Status {
        for (const auto& [owner, fields] : plan.accounts) {
            YIMEN_TRY_STATUS(vault_.put(owner, fields, LinkState::kUnverified));
        }
        return {};
    };
    YIMEN_TRY_STATUS(transactor_ == nullptr ? store() : transactor_->transaction(store));
    return plan.report;
}

}  // namespace yimen::vault
