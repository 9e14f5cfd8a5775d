#include <algorithm>
#include <map>

#include "identity/import_plan.h"
#include "identity/people_service.h"

namespace yimen::identity {

namespace {

using store::OrganisationRecord;

/// Looks names up in the files first, then in the directory.
class Comparison {
public:
    Comparison(ImportPlan& plan, const ImportContext& context) : plan_(plan), context_(context) {}

    void run() {
        for (OrganisationLine& line : plan_.organisations) index(line);
        for (OrganisationLine& line : plan_.organisations) compare(line);
        for (PersonLine& line : plan_.people) index(line);
        for (PersonLine& line : plan_.people) compare(line);
        for (PostLine& line : plan_.posts) compare(line);
        checkAdministrators();
    }

private:
    void index(OrganisationLine& line) {
        const auto [first, fresh] = orgs_.emplace(line.record.code, &line);
        if (fresh) return;
        plan_.complain(kOrganisationsFile, line.line, "code",
                       "代码与第 " + std::to_string(first->second->line) + " 行重复 / is already on line " +
                           std::to_string(first->second->line),
                       "删去其中一行 / remove one of the lines");
    }

    void index(PersonLine& line) {
        const auto [first, fresh] = people_.emplace(line.record.usernameKey, &line);
        if (fresh) return;
        plan_.complain(kPeopleFile, line.line, "username",
                       "与第 " + std::to_string(first->second->line) +
                           " 行是同一用户名（忽略大小写和全半角） / is the same name as on line " +
                           std::to_string(first->second->line) + " (case and width do not count)",
                       "改用另一个用户名 / choose another name");
    }

    std::optional<store::OrgKind> kindOf(const std::string& code) const {
        const auto inFile = orgs_.find(code);
        if (inFile != orgs_.end()) return inFile->second->record.kind;
        const OrganisationRecord* known = context_.directory.organisationByCode(code);
        if (known == nullptr) return std::nullopt;
        return known->kind;
    }

    std::string parentCodeOf(const std::string& code) const {
        const auto inFile = orgs_.find(code);
        if (inFile != orgs_.end()) return inFile->second->parentCode;
        const OrganisationRecord* known = context_.directory.organisationByCode(code);
        if (known == nullptr) return {};
        const OrganisationRecord* parent =
            context_.directory.organisation(context_.directory.parentOf(known->id, context_.today));
        return parent == nullptr ? std::string() : parent->code;
    }

    void checkParent(const OrganisationLine& line) {
        if (line.parentCode.empty()) return;
        const auto kind = kindOf(line.parentCode);
        if (!kind) {
            plan_.complain(kOrganisationsFile, line.line, "parent", "上级机构不存在 / there is no unit with this code",
                           "先加入上级机构，或更正代码 / add that unit to the file, or correct the code");
            return;
        }
        if (!mayStandUnder(line.record.kind, *kind)) {
            plan_.complain(kOrganisationsFile, line.line, "parent",
                           "a " + std::string(toString(line.record.kind)) + " cannot stand under a " +
                               std::string(toString(*kind)),
                           "更正类别或上级 / correct kind or parent");
            return;
        }
        std::string above = line.parentCode;
        for (std::size_t steps = 0; !above.empty(); above = parentCodeOf(above)) {
            if (above != line.record.code && ++steps <= orgs_.size() + kDeepest) continue;
            plan_.complain(kOrganisationsFile, line.line, "parent", "机构在自己之下 / the unit stands below itself",
                           "更正上级 / correct the parent");
            return;
        }
    }

    void compare(OrganisationLine& line) {
        checkParent(line);
        const OrganisationRecord* known = context_.directory.organisationByCode(line.record.code);
        if (known == nullptr) {
            line.change = Change::kAdd;
            return;
        }
        if (known->code != line.record.code) {
            plan_.complain(kOrganisationsFile, line.line, "code", "曾是另一机构的代码 / was the code of another unit",
                           "换一个代码 / choose another code");
            return;
        }
        if (known->kind != line.record.kind) {
            plan_.complain(kOrganisationsFile, line.line, "kind", "机构类别不能更改 / the kind of a unit cannot change",
                           "停用原机构并新建 / end the unit and add a new one");
            return;
        }
        const std::string parent = formerParent(known->id);
        line.record.id = known->id;
        line.record.tags = known->tags;
        line.record.aliases = known->aliases;
        line.moves = parent != line.parentCode;
        const bool same = known->name == line.record.name && known->nameEn == line.record.nameEn &&
                          known->validity == line.record.validity;
        line.change = same && !line.moves ? Change::kNone : Change::kChange;
    }

    std::string formerParent(OrgId id) const {
        const OrganisationRecord* parent =
            context_.directory.organisation(context_.directory.parentOf(id, context_.today));
        return parent == nullptr ? std::string() : parent->code;
    }

    void compare(PersonLine& line) {
        const store::PersonRecord* known = context_.directory.personByKey(line.record.usernameKey);
        if (known != nullptr && known->state == store::PersonState::kRemoved) {
            plan_.complain(kPeopleFile, line.line, "username",
                           "是已注销人员的用户名，不能再用 / belonged to somebody who left and is never given again",
                           "改用另一个用户名 / choose another name");
            return;
        }
        if (known == nullptr) {
            line.change = Change::kAdd;
        } else {
            store::PersonRecord next = *known;
            next.username = line.record.username;
            next.name = line.record.name;
            next.phone = line.record.phone;
            const bool same =
                next.username == known->username && next.name == known->name && next.phone == known->phone;
            line.change = same ? Change::kNone : Change::kChange;
            line.record = next;
        }
        line.setsPassword = !line.password.empty() && (known == nullptr || !context_.havePassword.contains(known->id));
        if (!line.setsPassword || !context_.checkPassword) return;
        const core::Status fits = context_.checkPassword(line.password, line.record);
        if (!fits.ok()) {
            plan_.complain(kPeopleFile, line.line, "password", fits.error().message, "换一个口令 / choose another one");
        }
    }

    void compare(PostLine& line) {
        const store::PersonRecord* known = context_.directory.personByKey(line.usernameKey);
        if (known == nullptr && !people_.contains(line.usernameKey)) {
            plan_.complain(kPostsFile, line.line, "username", "没有此人 / there is nobody of this name",
                           "先加入 people.csv / add the person to people.csv");
            return;
        }
        if (!kindOf(line.orgCode)) {
            plan_.complain(kPostsFile, line.line, "org", "没有此机构 / there is no unit with this code",
                           "先加入 organisations.csv / add it to organisations.csv");
            return;
        }
        const auto same = std::make_tuple(line.usernameKey, line.orgCode, line.record.title, line.record.validity.from);
        const auto [first, fresh] = posts_.emplace(same, line.line);
        if (!fresh) {
            plan_.complain(kPostsFile, line.line, "",
                           "与第 " + std::to_string(first->second) + " 行重复 / is already on line " +
                               std::to_string(first->second),
                           "删去其中一行 / remove one of the lines");
            return;
        }
        line.change = Change::kAdd;
        if (known == nullptr) return;
        for (const Post* post : context_.directory.allPostsOf(known->id)) {
            const OrganisationRecord* org = context_.directory.organisation(post->org);
            if (org->code != line.orgCode || post->title != line.record.title) continue;
            if (post->validity.from != line.record.validity.from) continue;
            line.record.id = post->id;
            const bool equal = post->roles == line.roles && post->validity == line.record.validity;
            line.change = equal ? Change::kNone : Change::kChange;
        }
    }

    void checkAdministrators() {
        std::map<std::string, std::vector<const PostLine*>> byPerson;
        for (const PostLine& line : plan_.posts) byPerson[line.usernameKey].push_back(&line);
        for (const auto& [key, lines] : byPerson) {
            std::vector<HeldRoles> held;
            std::set<PostId> replaced;
            for (const PostLine* line : lines) replaced.insert(line->record.id);
            if (const store::PersonRecord* known = context_.directory.personByKey(key)) {
                for (const Post* post : context_.directory.allPostsOf(known->id)) {
                    if (!replaced.contains(post->id)) held.push_back({post->roles, post->validity});
                }
            }
            for (const PostLine* line : lines) {
                held.push_back({line->roles, line->record.validity});
                if (!administratorsClash(held)) continue;
                plan_.complain(
                    kPostsFile, line->line, "roles",
                    "三员不得兼任 / one person may hold only one of system_admin, security_admin and auditor",
                    "分给不同的人 / give the roles to different people");
                break;
            }
        }
    }

    static constexpr std::size_t kDeepest = 64;  // of what is there already

    ImportPlan& plan_;
    const ImportContext& context_;
    std::map<std::string, OrganisationLine*> orgs_;
    std::map<std::string, PersonLine*> people_;
    std::map<std::tuple<std::string, std::string, std::string, Day>, std::size_t> posts_;
};

}  // namespace

void compareImport(ImportPlan& plan, const ImportContext& context) {
    Comparison(plan, context).run();
    std::stable_sort(plan.problems.begin(), plan.problems.end(), [](const auto& a, const auto& b) {
        const auto rank = [](const ImportProblem& problem) {
            return problem.file == kOrganisationsFile ? 0 : problem.file == kPeopleFile ? 1 : 2;
        };
        return std::make_pair(rank(a), a.line) < std::make_pair(rank(b), b.line);
    });
}

}  // namespace yimen::identity
