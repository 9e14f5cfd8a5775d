#include <algorithm>
#include <charconv>

#include "admin/data_desk.h"
#include "admin/data_json.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::size_t kPage = 100;

core::Error wrong(const std::string& what) {
    return core::makeError(core::ErrorCode::kInvalidInput, what);
}

/// {"12": {"column": "text" or null}}
core::Result<std::map<sync::DeadLetterId, std::string>> readEdits(const Json& edits) {
    std::map<sync::DeadLetterId, std::string> out;
    if (!edits.is_object()) return wrong("$.edits must be an object of letter to record");
    for (const auto& [name, record] : edits.items()) {
        sync::DeadLetterId id = 0;
        const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), id);
        if (failure != std::errc{} || end != name.data() + name.size() || !record.is_object()) {
            return wrong("$.edits: '" + name + "' is no letter with an object of column to text");
        }
        out.emplace(id, core::writeJson(record));
    }
    return out;
}

core::Result<std::vector<sync::DeadLetterId>> readIds(const Json& ids) {
    std::vector<sync::DeadLetterId> out;
    if (!ids.is_array() || ids.size() > sync::LetterFilter::kMaxIds) {
        return wrong("$.ids must be a list of at most 1000 numbers");
    }
    for (const Json& id : ids) {
        if (!id.is_number_integer()) return wrong("$.ids must be a list of numbers");
        out.push_back(id.get<sync::DeadLetterId>());
    }
    return out;
}

core::Result<sync::ReplayWish> readWish(const Json& body) {
    const core::JsonReader reader(body);
    YIMEN_TRY_STATUS(reader.onlyKeys({"item", "rule", "field", "ids", "edits", "dry_run"}));
    sync::ReplayWish wish;
    YIMEN_TRY(wish.filter.item, reader.text("item"));
    YIMEN_TRY(wish.dryRun, reader.boolean("dry_run"));
    if (reader.has("rule")) {
        YIMEN_TRY(wish.filter.rule, reader.text("rule"));
    }
    if (reader.has("field")) {
        YIMEN_TRY(wish.filter.field, reader.text("field"));
    }
    if (reader.has("ids")) {
        YIMEN_TRY(wish.filter.ids, readIds(body["ids"]));
    }
    if (reader.has("edits")) {
        YIMEN_TRY(wish.edits, readEdits(body["edits"]));
    }
    for (const auto& [id, text] : wish.edits) {
        if (std::find(wish.filter.ids.begin(), wish.filter.ids.end(), id) == wish.filter.ids.end()) {
            return wrong("$.edits: letter " + std::to_string(id) + " is not in $.ids");
        }
    }
    return wish;
}

Json reportJson(const sync::ReplayWish& wish, const sync::ReplayReport& report) {
    Json details = Json::array();
    for (const sync::ReplayedLetter& letter : report.details) {
        details.push_back({{"id", letter.id},
                           {"passed", letter.passed},
                           {"rule", letter.rule},
                           {"field", letter.field},
                           {"message", letter.message}});
    }
    return {{"item", wish.filter.item},
            {"dry_run", wish.dryRun},
            {"letters", report.letters},
            {"passed", report.passed},
            {"refused", report.refused},
            {"unreadable", report.unreadable},
            {"outdated", report.outdated},
            {"more", report.more},
            {"run", report.run ? Json(*report.run) : Json(nullptr)},
            {"details", std::move(details)},
            {"counters", countersJson(report.counters)}};
}

class LettersApi {
public:
    LettersApi(const web::WebContext& context, DataDesk& desk) : context_(context), desk_(desk) {}

    Response groups(const Request& request, const Caller&) const {
        const auto groups = desk_.shared().deadLetters->groups();
        if (!groups.ok()) return apiProblem(request, groups.error());
        Json out = Json::array();
        for (const auto& group : *groups) {
            out.push_back({{"item", group.item},
                           {"rule", group.rule},
                           {"field", group.field},
                           {"open", group.open},
                           {"last_run", group.lastRun},
                           {"last_seen", timeOfMs(group.lastSeen)}});
        }
        return Response::json(200, {{"items", std::move(out)}});
    }

    /// Letters hold records as they came, personal data among them: who reads them is written down first.
    Response list(const Request& request, const Caller& caller) const {
        sync::LetterFilter filter;
        filter.item = std::string(request.params.text("item"));
        filter.rule = std::string(request.query.text("rule"));
        if (request.query.has("field")) filter.field = std::string(request.query.text("field"));
        sync::DeadLetterId after = 0;
        const auto cursor = request.query.text("after");
        std::from_chars(cursor.data(), cursor.data() + cursor.size(), after);
        auto event = web::eventOf("sync.letters.read", request, &caller);
        event.fields.emplace_back("item", filter.item);
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        const auto letters = desk_.shared().deadLetters->open(filter, after, kPage + 1);
        if (!letters.ok()) return apiProblem(request, letters.error());
        Json out = Json::array();
        for (const sync::DeadLetter& letter : *letters) {
            if (out.size() == kPage) break;
            out.push_back(letterJson(letter));
        }
        const Json next = letters->size() > kPage ? Json((*letters)[kPage - 1].id) : Json(nullptr);
        return Response::json(200, {{"items", std::move(out)}, {"next", next}});
    }

    Response replay(const Request& request, const Caller& caller) const {
        const auto body = core::parseJson(request.body);
        if (!body.ok()) return apiProblem(request, body.error());
        const auto wish = readWish(*body);
        if (!wish.ok()) return apiProblem(request, wish.error());
        const auto report = desk_.replay(wish->filter.item, *wish);
        if (!report.ok()) return apiProblem(request, report.error());
        auto event = web::eventOf("sync.letters.replay", request, &caller);
        event.fields.emplace_back("item", wish->filter.item);
        event.fields.emplace_back("dry_run", wish->dryRun ? "true" : "false");
        event.fields.emplace_back("letters", std::to_string(report->letters));
        event.fields.emplace_back("passed", std::to_string(report->passed));
        event.fields.emplace_back("edited", std::to_string(wish->edits.size()));
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        return Response::json(200, reportJson(*wish, *report));
    }

    Response discard(const Request& request, const Caller& caller) const {
        const auto body = core::parseJson(request.body);
        if (!body.ok()) return apiProblem(request, body.error());
        if (auto keys = core::JsonReader(*body).onlyKeys({"ids"}); !keys.ok()) return apiProblem(request, keys.error());
        const auto ids = readIds(body->value("ids", Json()));
        if (!ids.ok()) return apiProblem(request, ids.error());
        if (auto done = desk_.shared().deadLetters->discard(*ids, caller.person.username); !done.ok()) {
            return apiProblem(request, done.error());
        }
        auto event = web::eventOf("sync.letters.discard", request, &caller);
        event.fields.emplace_back("letters", core::writeJson((*body)["ids"]));
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        return Response::json(200, {{"discarded", ids->size()}});
    }

private:
    static Json letterJson(const sync::DeadLetter& letter) {
        const auto record = core::parseJson(letter.reject.raw);
        return {{"id", letter.id},
                {"rule", letter.reject.rule},
                {"field", letter.reject.field},
                {"message", letter.reject.message},
                {"origin", letter.reject.origin},
                {"run", letter.run},
                {"map_version", letter.mapVersion},
                {"created_at", timeOfMs(letter.createdAt)},
                {"times", letter.times},
                {"last_run", letter.lastRun},
                {"last_seen", timeOfMs(letter.lastSeen)},
                {"record", record.ok() && record->is_object() ? *record : Json(nullptr)},
                {"text", record.ok() && record->is_object() ? Json(nullptr) : Json(letter.reject.raw)}};
    }

    const web::WebContext& context_;
    DataDesk& desk_;
};

}  // namespace

core::Status mountLetters(http::Router& router, const web::WebContext& context, DataDesk& desk) {
    const auto api = std::make_shared<LettersApi>(context, desk);
    const auto route = [&](auto method) {
        return context.guard.admin({Role::kDataSteward, Role::kSystemAdmin},
                                   [api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/sync/dead-letters", route(&LettersApi::groups), {}}));
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/data/items/{item}/dead-letters", route(&LettersApi::list), {}}));
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/sync/dead-letters/replay", route(&LettersApi::replay), {}}));
    return router.add({"POST", "/api/v1/sync/dead-letters/discard", route(&LettersApi::discard), {}});
}

}  // namespace yimen::admin
