#include <algorithm>
#include <array>

#include "admin/api.h"
#include "admin/share_desk.h"
#include "core/ascii.h"
#include "core/time_format.h"
#include "http/language.h"
#include "sync/targets/cells.h"

namespace yimen::admin {

using catalog::Contract;
using catalog::ShareAudience;
using core::Error;
using core::ErrorCode;
using core::Json;
using core::Result;
using http::Request;
using http::Response;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::string_view kFilter = "f.";

/// Who reads under which contract.
struct Reading {
    Contract contract;
    ShareAudience who;
    std::string actor;  ///< for the audit log
};

Error invalid(const std::string& what) {
    return core::makeError(ErrorCode::kInvalidInput, what);
}

std::vector<std::string> listed(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t end = text.find(',');
        out.emplace_back(core::trim(text.substr(0, end)));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

Result<std::size_t> numberOf(const Request& request, std::string_view name, std::size_t otherwise) {
    if (!request.query.has(name)) return otherwise;
    const auto value = sync::integerOf(request.query.text(name));
    if (!value || *value < 1 || *value > static_cast<std::int64_t>(catalog::ShareReader::kMaxLimit)) {
        return invalid(std::string(name) + ": 1.." + std::to_string(catalog::ShareReader::kMaxLimit));
    }
    return static_cast<std::size_t>(*value);
}

class ShareRowsApi {
public:
    ShareRowsApi(const web::WebContext& context, ShareDesk& desk) : context_(context), desk_(desk) {}

    Response rows(const Request& request) const {
        const auto reading = readingOf(request);
        if (!reading.ok()) return refuse(request, reading.error());
        const auto wanted = rowsRequest(request);
        if (!wanted.ok()) return refuse(request, wanted.error());
        const auto answer = desk_.reader.rows(reading->contract, reading->who, *wanted);
        if (!answer.ok()) return refuse(request, answer.error(), &*reading);
        if (auto kept = note(request, *reading, "rows", answer->count); !kept.ok())
            return apiProblem(request, kept.error());
        return Response::json(200, {{"contract", reading->contract.record.id},
                                    {"item", reading->contract.record.item},
                                    {"as_of", request.query.has("as_of") ? Json(request.query.text("as_of")) : Json()},
                                    {"rows", answer->rows},
                                    {"next", answer->next.empty() ? Json(nullptr) : Json(answer->next)}});
    }

    Response changes(const Request& request) const {
        const auto reading = readingOf(request);
        if (!reading.ok()) return refuse(request, reading.error());
        const auto answer = changesFor(request, *reading);
        if (!answer.ok()) return refuse(request, answer.error(), &*reading);
        const auto since = desk_.reader.seal(reading->contract, answer->next);
        if (!since.ok()) return apiProblem(request, since.error());
        if (auto kept = note(request, *reading, "changes", answer->count); !kept.ok())
            return apiProblem(request, kept.error());
        return Response::json(200, {{"contract", reading->contract.record.id},
                                    {"item", reading->contract.record.item},
                                    {"changes", answer->changes},
                                    {"more", answer->more},
                                    {"since", *since}});
    }

private:
    static core::Status onlyKnown(const Request& request, std::initializer_list<std::string_view> names, bool filters) {
        for (const auto& [name, value] : request.query.pairs()) {
            const bool known = std::find(names.begin(), names.end(), name) != names.end();
            if (!known && !(filters && name.starts_with(kFilter))) return invalid("unknown parameter '" + name + "'");
            if (!request.query.one(name)) return invalid("parameter '" + name + "' stands twice");
        }
        return {};
    }

    /// A moment, or a day of the district: its end, or now when it is today.
    Result<std::optional<std::int64_t>> asOfOf(const Request& request) const {
        if (!request.query.has("as_of")) return std::optional<std::int64_t>();
        const std::string_view text = request.query.text("as_of");
        if (const auto instant = sync::instantOf(text)) return std::optional(*instant / 1000);
        const auto day = core::parseDate(text);
        if (!day.ok()) return invalid("as_of: 2026-06-30 or 2026-06-30T08:00:00+08:00");
        const auto end = *day - context_.hub.site.utcOffset + std::chrono::days(1) - std::chrono::milliseconds(1);
        const auto now = context_.hub.clock.wall();
        const bool today = end > now && end - std::chrono::days(1) < now;
        return std::optional(core::toUnixMicros(today ? now : end) / 1000);
    }

    Result<catalog::RowsRequest> rowsRequest(const Request& request) const {
        YIMEN_TRY_STATUS(onlyKnown(request, {"fields", "limit", "cursor", "as_of"}, true));
        catalog::RowsRequest out;
        out.fields = listed(request.query.text("fields"));
        out.cursor = request.query.text("cursor");
        YIMEN_TRY(out.asOf, asOfOf(request));
        YIMEN_TRY(out.limit, numberOf(request, "limit", out.limit));
        for (const auto& [name, value] : request.query.pairs()) {
            if (name.starts_with(kFilter)) out.filters.emplace_back(name.substr(kFilter.size()), value);
        }
        std::sort(out.filters.begin(), out.filters.end());
        return out;
    }

    Result<catalog::ChangesAnswer> changesFor(const Request& request, const Reading& reading) const {
        YIMEN_TRY_STATUS(onlyKnown(request, {"fields", "limit", "since"}, false));
        YIMEN_TRY(const auto position, desk_.reader.unseal(reading.contract, std::string(request.query.text("since"))));
        YIMEN_TRY(const std::size_t limit, numberOf(request, "limit", 500));
        return desk_.reader.changes(reading.contract, reading.who, listed(request.query.text("fields")), position,
                                    limit);
    }

    Result<Reading> readingOf(const Request& request) const {
        const auto id = sync::integerOf(request.params.text("contract"));
        const std::string_view given = request.headers.first("Authorization");
        if (given.starts_with(kBearer)) {
            YIMEN_TRY(const auto token, desk_.tokens.check(id.value_or(0), core::trim(given.substr(kBearer.size()))));
            YIMEN_TRY(Contract contract, desk_.reader.open(*id));
            return Reading{std::move(contract), {}, "token:" + std::to_string(token.id)};
        }
        YIMEN_TRY(const Caller caller, context_.guard.callerOf(request));
        YIMEN_TRY(Contract contract, desk_.reader.open(id.value_or(0)));
        YIMEN_TRY(ShareAudience who, audienceOf(caller, contract));
        return Reading{std::move(contract), std::move(who), caller.person.usernameKey};
    }

    /// People read in the post they act in: in the unit that asked, with a role that the contract names.
    Result<ShareAudience> audienceOf(const Caller& caller, const Contract& contract) const {
        const auto refusal = core::makeError(ErrorCode::kDenied,
                                             "合同不含您的单位或岗位 / the contract is not for your unit or your role");
        const auto today = identity::dayAt(context_.hub.clock.wall(), context_.hub.site.utcOffset);
        const auto* post = caller.directory->actingPost(caller.person.id, caller.session->actingPost(), today);
        const auto* unit = caller.directory->organisationByCode(contract.record.unit);
        if (post == nullptr || unit == nullptr || !caller.directory->isWithin(post->org, unit->id, today)) {
            return refusal;
        }
        ShareAudience who;
        for (std::size_t i = 0; i < identity::kRoleCount; ++i) {
            const auto role = static_cast<identity::Role>(i);
            if (post->roles.has(role)) who.roles.emplace_back(toString(role));
        }
        const auto& wanted = contract.terms.roles;
        if (std::none_of(who.roles.begin(), who.roles.end(), [&](const std::string& role) {
                return std::find(wanted.begin(), wanted.end(), role) != wanted.end();
            })) {
            return refusal;
        }
        who.within = territoryOf(*caller.directory, *post, today);
        return who;
    }

    core::Status note(const Request& request, const Reading& reading, const std::string& kind, std::size_t rows) const {
        auto event = web::eventOf("share.read", request);
        event.actor = reading.actor;
        event.subject = "share:" + std::to_string(reading.contract.record.id);
        event.fields.emplace_back("item", reading.contract.record.item);
        event.fields.emplace_back("unit", reading.contract.record.unit);
        event.fields.emplace_back("purpose", reading.contract.record.purpose);
        event.fields.emplace_back("kind", kind);
        event.fields.emplace_back("rows", std::to_string(rows));
        return web::record(context_.hub, std::move(event));
    }

    Response refuse(const Request& request, const Error& error, const Reading* reading = nullptr) const {
        if (error.code == ErrorCode::kDenied || error.code == ErrorCode::kThrottled) {
            auto event = web::eventOf("share.refused", request);
            event.result = audit::AuditResult::kDenied;
            event.actor = reading == nullptr ? "" : reading->actor;
            event.subject = "share:" + std::to_string(sync::integerOf(request.params.text("contract")).value_or(0));
            event.fields.emplace_back("reason", toString(error.code));
            if (auto kept = web::record(context_.hub, std::move(event)); !kept.ok())
                return apiProblem(request, kept.error());
        }
        if (error.code != ErrorCode::kThrottled) return apiProblem(request, error);
        const bool chinese = http::negotiateLanguage(request.acceptLanguage(), request.cookies.text("yimen-lang")) ==
                             http::Language::kZh;
        http::Problem problem = http::problemOf(error, request.requestId, chinese);
        problem.retryAfterSeconds = static_cast<int>(desk_.reader.untilTomorrow().count());
        return Response::problem(problem);
    }

    const web::WebContext& context_;
    ShareDesk& desk_;
};

}  // namespace

core::Status mountShareRows(http::Router& router, const web::WebContext& context, ShareDesk& desk) {
    const auto api = std::make_shared<ShareRowsApi>(context, desk);
    YIMEN_TRY_STATUS(
        router.add({"GET", "/api/v1/share/{contract}/rows", [api](const Request& r) { return api->rows(r); }, {}}));
    return router.add(
        {"GET", "/api/v1/share/{contract}/changes", [api](const Request& r) { return api->changes(r); }, {}});
}

}  // namespace yimen::admin
