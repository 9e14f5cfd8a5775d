#include "identity/import.h"

#include <algorithm>

#include "identity/import_plan.h"

namespace yimen::identity {

using core::Result;
using core::Status;

std::string ImportProblem::describe() const {
    std::string text = file;
    if (line > 0) text += ":" + std::to_string(line);
    text += ": ";
    if (!column.empty()) text += column + ": ";
    return text + what + "; " + todo;
}

namespace {

ImportReport reportOf(const ImportPlan& plan) {
    ImportReport report;
    report.problems = plan.problems;
    const auto count = [](Change change, std::size_t& added, std::size_t& changed) {
        if (change == Change::kAdd) ++added;
        if (change == Change::kChange) ++changed;
    };
    for (const auto& line : plan.organisations) {
        count(line.change, report.organisationsAdded, report.organisationsChanged);
    }
    for (const auto& line : plan.people) {
        count(line.change, report.peopleAdded, report.peopleChanged);
        if (line.setsPassword) ++report.passwordsSet;
    }
    for (const auto& line : plan.posts) count(line.change, report.postsAdded, report.postsChanged);
    return report;
}

/// Writes a plan without problems, inside one transaction.
class Writer {
public:
    Writer(const Importer::Dependencies& deps, const ImportOptions& options, Day today)
        : deps_(deps), options_(options), today_(today), directory_(deps.directory.current()) {}

    Status write(ImportPlan& plan) {
        YIMEN_TRY_STATUS(addOrganisations(plan.organisations));
        YIMEN_TRY_STATUS(changeOrganisations(plan.organisations));
        for (PersonLine& line : plan.people) YIMEN_TRY_STATUS(write(line));
        for (PostLine& line : plan.posts) YIMEN_TRY_STATUS(write(line));
        return {};
    }

private:
    OrgId orgId(const std::string& code) const {
        const auto made = orgs_.find(code);
        if (made != orgs_.end()) return made->second;
        const store::OrganisationRecord* known = directory_->organisationByCode(code);
        return known == nullptr ? 0 : known->id;
    }

    bool canBeAdded(const OrganisationLine& line) const {
        return line.parentCode.empty() || orgId(line.parentCode) != 0;
    }

    /// Parents first, in whatever order the file has them: rounds until nothing waits.
    Status addOrganisations(const std::vector<OrganisationLine>& lines) {
        std::vector<const OrganisationLine*> waiting;
        for (const OrganisationLine& line : lines) {
            if (line.change == Change::kAdd) waiting.push_back(&line);
        }
        while (!waiting.empty()) {
            const auto later = std::stable_partition(waiting.begin(), waiting.end(),
                                                     [this](const auto* line) { return canBeAdded(*line); });
            if (later == waiting.begin()) {
                return core::makeError(core::ErrorCode::kInternal, "the units of the file have no order");
            }
            for (auto next = waiting.begin(); next != later; ++next) YIMEN_TRY_STATUS(add(**next));
            waiting.erase(waiting.begin(), later);
        }
        return {};
    }

    Status add(const OrganisationLine& line) {
        YIMEN_TRY(const auto made, deps_.stores.organisations->create(line.record, orgId(line.parentCode)));
        orgs_[made.code] = made.id;
        return {};
    }

    Status changeOrganisations(const std::vector<OrganisationLine>& lines) {
        for (const OrganisationLine& line : lines) {
            if (line.change != Change::kChange) continue;
            YIMEN_TRY_STATUS(deps_.stores.organisations->update(line.record));
            if (!line.moves) continue;
            const Day day = std::clamp(today_, line.record.validity.from, line.record.validity.to);
            YIMEN_TRY_STATUS(deps_.stores.organisations->move(line.record.id, orgId(line.parentCode), day));
        }
        return {};
    }

    Status write(PersonLine& line) {
        if (line.change == Change::kAdd) {
            line.record.createdAt = deps_.clock.wall();
            YIMEN_TRY(line.record, deps_.stores.people->create(line.record));
        } else if (line.change == Change::kChange) {
            YIMEN_TRY(line.record, deps_.stores.people->update(line.record));
        }
        people_[line.record.usernameKey] = line.record.id;
        if (!line.setsPassword) return {};
        return deps_.stores.credentials->set(
            {line.record.id, line.encodedHash, deps_.clock.wall(), options_.passwordsMustChange}, 0);
    }

    Status write(PostLine& line) {
        if (line.change == Change::kChange) return deps_.stores.posts->update(line.record);
        if (line.change != Change::kAdd) return {};
        const auto made = people_.find(line.usernameKey);
        line.record.person = made != people_.end() ? made->second : directory_->personByKey(line.usernameKey)->id;
        line.record.org = orgId(line.orgCode);
        const auto written = deps_.stores.posts->create(line.record);
        if (!written.ok()) return written.error();
        return {};
    }

    const Importer::Dependencies& deps_;
    const ImportOptions& options_;
    Day today_;
    std::shared_ptr<const Directory> directory_;
    std::unordered_map<std::string, OrgId> orgs_;
    std::unordered_map<std::string, PersonId> people_;
};

Result<ImportPlan> makePlan(const Importer::Dependencies& deps, const ImportFiles& files) {
    YIMEN_TRY(const std::vector<PersonId> holders, deps.stores.credentials->holders());
    const auto directory = deps.directory.current();
    ImportPlan plan = readImport(files);
    compareImport(
        plan,
        {*directory, dayAt(deps.clock.wall(), deps.utcOffset), {holders.begin(), holders.end()}, deps.checkPassword});
    return plan;
}

}  // namespace

ImportReport Importer::check(const ImportFiles& files) const {
    auto plan = makePlan(deps_, files);
    if (plan.ok()) return reportOf(*plan);
    ImportReport report;
    report.problems.push_back({"", 0, "", plan.error().message, "稍后再试 / try again later"});
    return report;
}

Result<ImportReport> Importer::apply(const ImportFiles& files, const ImportOptions& options) {
    const std::lock_guard lock(deps_.directory.changing());
    return applyLocked(files, options);
}

Result<ImportReport> Importer::applyLocked(const ImportFiles& files, const ImportOptions& options) {
    YIMEN_TRY(ImportPlan plan, makePlan(deps_, files));
    for (PersonLine& line : plan.people) {
        if (!plan.problems.empty()) break;
        if (!line.setsPassword) continue;
        auto encoded = deps_.hashPassword(line.password, line.record);
        if (encoded.ok()) {
            line.encodedHash = std::move(encoded).value();
        } else {
            plan.complain(kPeopleFile, line.line, "password", encoded.error().message,
                          "换一个口令 / choose another one");
        }
    }
    if (!plan.problems.empty()) return reportOf(plan);
    Writer writer(deps_, options, dayAt(deps_.clock.wall(), deps_.utcOffset));
    YIMEN_TRY_STATUS(deps_.stores.transactor->transaction([&] { return writer.write(plan); }));
    YIMEN_TRY_STATUS(deps_.directory.reload());
    return reportOf(plan);
}

}  // namespace yimen::identity
