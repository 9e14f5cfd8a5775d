#include <algorithm>

#include "admin/api.h"
#include "core/ascii.h"
#include "gateway/subject.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::size_t kCountCap = 10000;

std::string_view kindOf(store::OrgKind kind) {
    switch (kind) {
        case store::OrgKind::kDistrict:
            return "district";
        case store::OrgKind::kDepartment:
            return "department";
        case store::OrgKind::kStreet:
            return "street";
        case store::OrgKind::kCommunity:
            return "community";
        case store::OrgKind::kGrid:
            return "grid";
    }
    return "department";
}

/// The three files are told apart by their header line.
core::Result<identity::ImportFiles> filesOf(const std::string& csv) {
    std::string_view header = csv;
    if (header.starts_with("\xEF\xBB\xBF")) header.remove_prefix(3);
    header = header.substr(0, header.find_first_of("\r\n"));
    identity::ImportFiles files;
    if (header.starts_with("code,")) {
        files.organisations = csv;
    } else if (header.starts_with("username,org")) {
        files.posts = csv;
    } else if (header.starts_with("username,")) {
        files.people = csv;
    } else {
        return core::makeError(
            core::ErrorCode::kInvalidInput,
            "首行应为 organisations.csv、people.csv 或 posts.csv 的列名 / the first line must name the "
            "columns of organisations.csv, people.csv or posts.csv");
    }
    return files;
}

class PeopleApi {
public:
    PeopleApi(const web::WebContext& context, Operations& operations) : context_(context), operations_(operations) {}

    /// People in order of id; the cursor is the last id of the page before, so that page 1,000 costs what page 1 costs.
    Response people(const Request& request, const Caller& caller) const {
        const auto wanted = request.query.text("q");
        const std::int64_t after = number(request.query.text("cursor"), 0);
        const std::int64_t limit = std::clamp<std::int64_t>(number(request.query.text("limit"), 50), 1, 100);
        Json items = Json::array();
        std::int64_t last = 0;
        std::size_t count = 0;
        bool more = false;
        for (const auto& person : caller.directory->people()) {
            if (!matches(person, wanted)) continue;
            ++count;
            if (person.id <= after) continue;
            if (items.size() == static_cast<std::size_t>(limit)) {
                more = true;
                if (count >= kCountCap) break;
                continue;
            }
            items.push_back(describe(person, *caller.directory));
            last = person.id;
        }
        Json next = more ? Json(std::to_string(last)) : Json(nullptr);
        return Response::json(200, {{"items", items},
                                    {"next", next},
                                    {"count", std::min(count, kCountCap)},
                                    {"count_capped", count >= kCountCap}});
    }

    Response organisations(const Request&, const Caller& caller) const {
        const auto& directory = *caller.directory;
        const auto day = today();
        std::map<store::OrgId, int> heads;
        for (const auto& person : directory.people()) {
            for (const auto* post : directory.postsOf(person.id, day)) ++heads[post->org];
        }
        Json items = Json::array();
        for (const auto& root : directory.organisations()) {
            if (directory.parentOf(root.id, day) != 0) continue;
            for (const auto id : directory.subtree(root.id, day)) {
                const auto* org = directory.organisation(id);
                const auto parent = directory.parentOf(id, day);
                Json item{{"id", std::to_string(id)}, {"name", org->name}, {"kind", kindOf(org->kind)}};
                item["parent_id"] = parent == 0 ? Json(nullptr) : Json(std::to_string(parent));
                item["people"] = heads[id];
                items.push_back(std::move(item));
            }
        }
        return Response::json(200, {{"items", items}});
    }

    Response import(const Request& request, const Caller& caller) const {
        const auto files = filesOf(request.body);
        if (!files.ok()) return badHeader(request, files.error());
        const bool dryRun = request.query.text("dry_run") == "1";
        if (dryRun) return Response::json(200, report(operations_.checkImport(*files), true));
        const auto done = operations_.applyImport(*files);
        if (!done.ok()) return apiProblem(request, done.error());
        if (!done->problems.empty()) return badLines(request, *done);
        auto event = web::eventOf("people.imported", request, &caller);
        event.fields.emplace_back("created", std::to_string(created(*done)));
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        return Response::json(200, report(*done, false));
    }

    Response explain(const Request& request, const Caller& caller) const {
        const auto system = std::string(request.query.text("system"));
        const auto adapter = context_.hub.catalog()->find(system);
        const auto* person = caller.directory->personByKey(request.query.text("who"));
        if (!adapter || person == nullptr) {
            return apiProblem(request, 404, "not_found", "没有这个人员或系统", "No such person or system");
        }
        const auto policy = context_.hub.gateway.policy();
        const auto why = policy->explain(gateway::subjectOf(person->id, *caller.directory, today()),
                                         {system, "GET", adapter->manifest().paths.home},
                                         {context_.hub.clock.wall(), policy->usualClient()});
        return Response::json(200, explanationJson(context_, request, system, why));
    }

private:
    identity::Day today() const { return identity::dayAt(context_.hub.clock.wall(), context_.hub.site.utcOffset); }

    static std::int64_t number(std::string_view digits, std::int64_t otherwise) {
        std::int64_t value = 0;
        if (digits.empty() || digits.size() > 18) return otherwise;
        for (const char c : digits) {
            if (!core::isDigit(c)) return otherwise;
            value = value * 10 + (c - '0');
        }
        return value;
    }

    static bool matches(const store::PersonRecord& person, std::string_view wanted) {
        return wanted.empty() || person.usernameKey.find(wanted) != std::string::npos ||
               person.name.find(wanted) != std::string::npos;
    }

    Json describe(const store::PersonRecord& person, const identity::Directory& directory) const {
        const auto day = today();
        Json posts = Json::array();
        for (const auto* post : directory.allPostsOf(person.id)) {
            const auto* org = directory.organisation(post->org);
            posts.push_back({{"id", std::to_string(post->id)},
                             {"org_name", org == nullptr ? "" : org->name},
                             {"title", post->title},
                             {"current", post->validity.includes(day)}});
        }
        Json roles = Json::array();
        const auto held = directory.rolesOf(person.id, day);
        for (std::size_t i = 0; i < identity::kRoleCount; ++i) {
            const auto role = static_cast<Role>(i);
            if (held.has(role)) roles.push_back(identity::toString(role));
        }
        Json item{{"username", person.username}, {"name", person.name}, {"posts", posts}, {"roles", roles}};
        item["status"] = person.state == store::PersonState::kActive ? "active" : "disabled";
        core::WallTime seen{};
        for (const auto& session : context_.hub.sessions.ofPerson(person.id))
            seen = std::max(seen, session->createdAt());
        item["last_login_at"] = timeOrNull(seen);
        return item;
    }

    static std::size_t created(const identity::ImportReport& report) {
        return report.organisationsAdded + report.peopleAdded + report.postsAdded;
    }

    static Json report(const identity::ImportReport& done, bool dryRun) {
        Json bad = Json::array();
        for (const auto& problem : done.problems) {
            bad.push_back({{"line", std::max<std::size_t>(problem.line, 1)},
                           {"field", problem.column},
                           {"detail", problem.what + "; " + problem.todo}});
        }
        const std::size_t updated = done.organisationsChanged + done.peopleChanged + done.postsChanged;
        return {{"dry_run", dryRun},        {"lines", created(done) + updated + done.problems.size()},
                {"created", created(done)}, {"updated", updated},
                {"unchanged", 0},           {"bad", bad}};
    }

    /// No line can be read without it: reported as line 1 of the file.
    static Response badHeader(const Request& request, const core::Error& error) {
        http::Problem problem;
        problem.status = 422;
        problem.code = "import_lines";
        problem.title = "文件中有错误，未写入任何内容 / the file has errors, nothing was written";
        problem.detail = error.message;
        problem.traceId = request.requestId;
        problem.fields.push_back({"line 1", "import_line", error.message});
        return Response::problem(problem);
    }

    static Response badLines(const Request& request, const identity::ImportReport& done) {
        http::Problem problem;
        problem.status = 422;
        problem.code = "import_lines";
        problem.title = "文件中有错误，未写入任何内容 / the file has errors, nothing was written";
        problem.detail = std::to_string(done.problems.size());
        problem.traceId = request.requestId;
        for (const auto& one : done.problems) {
            problem.fields.push_back({"line " + std::to_string(one.line), "import_line", one.describe()});
        }
        return Response::problem(problem);
    }

    const web::WebContext& context_;
    Operations& operations_;
};

}  // namespace

core::Status mountPeople(http::Router& router, const web::WebContext& context, Operations& operations) {
    const auto api = std::make_shared<PeopleApi>(context, operations);
    const auto route = [&](std::initializer_list<Role> roles, auto method) {
        return context.guard.admin(roles,
                                   [api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(router.add({"GET",
                                 "/api/v1/admin/people",
                                 route({Role::kSystemAdmin, Role::kSecurityAdmin, Role::kAuditor}, &PeopleApi::people),
                                 {}}));
    YIMEN_TRY_STATUS(router.add({"POST",
                                 "/api/v1/admin/people/import",
                                 route({Role::kSystemAdmin}, &PeopleApi::import),
                                 {http::RunOn::kIo, context.hub.site.maxImportBytes}}));
    YIMEN_TRY_STATUS(
        router.add({"GET",
                    "/api/v1/admin/orgs",
                    route({Role::kSystemAdmin, Role::kSecurityAdmin, Role::kAuditor}, &PeopleApi::organisations),
                    {}}));
    return router.add({"GET",
                       "/api/v1/admin/access",
                       route({Role::kSystemAdmin, Role::kSecurityAdmin, Role::kAuditor}, &PeopleApi::explain),
                       {}});
}

}  // namespace yimen::admin
