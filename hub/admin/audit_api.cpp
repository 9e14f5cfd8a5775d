#include "admin/api.h"
#include "sync/targets/cells.h"

namespace yimen::admin {

using core::ErrorCode;
using core::Json;
using core::makeError;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::size_t kPage = 50;
constexpr std::size_t kMaxText = 200;
constexpr std::chrono::days kDay{1};

/// The filters as they were asked for; also what the audit line of the search says.
class AuditSearch {
public:
    static core::Result<AuditSearch> read(const Request& request, std::chrono::minutes utcOffset) {
        AuditSearch out;
        out.query_.limit = kPage;
        YIMEN_TRY(out.query_.actor, out.text(request, "actor"));
        YIMEN_TRY(out.query_.type, out.text(request, "type"));
        YIMEN_TRY(out.query_.object, out.text(request, "object"));
        YIMEN_TRY(out.query_.from, out.day(request, "from", utcOffset));
        YIMEN_TRY(out.query_.to, out.day(request, "to", utcOffset));
        if (out.query_.to) *out.query_.to += kDay;
        if (const auto before = request.query.text("before"); !before.empty()) {
            const auto seq = sync::integerOf(before);
            if (!seq || *seq < 1) return makeError(ErrorCode::kInvalidInput, "before: `next` of a page is expected");
            out.query_.beforeSeq = static_cast<std::uint64_t>(*seq);
        }
        return out;
    }
    const audit::AuditQuery& query() const noexcept { return query_; }
    const std::vector<std::pair<std::string, std::string>>& said() const noexcept { return said_; }

private:
    core::Result<std::string> text(const Request& request, const char* name) {
        std::string value(request.query.text(name));
        if (value.size() > kMaxText) {
            return makeError(ErrorCode::kInvalidInput,
                             std::string(name) + ": 过长 / at most " + std::to_string(kMaxText) + " bytes");
        }
        if (!value.empty()) said_.emplace_back(name, value);
        return value;
    }
    core::Result<std::optional<core::WallTime>> day(const Request& request, const char* name,
                                                    std::chrono::minutes utcOffset) {
        YIMEN_TRY(const std::string value, text(request, name));
        if (value.empty()) return std::optional<core::WallTime>();
        const auto days = sync::dateOf(value);
        if (!days) {
            return makeError(ErrorCode::kInvalidInput, std::string(name) + ": 日期应为 / a day is written 2026-11-22");
        }
        return std::optional<core::WallTime>(core::fromUnixSeconds(std::int64_t{*days} * 86'400) - utcOffset);
    }

    audit::AuditQuery query_;
    std::vector<std::pair<std::string, std::string>> said_;
};

Json recordJson(const audit::AuditRecord& record) {
    Json fields = Json::object();
    for (const auto& [name, value] : record.event.fields) fields[name] = value;
    return {{"seq", record.seq},
            {"at", timeOrNull(record.at)},
            {"type", record.event.type},
            {"actor", record.event.actor},
            {"subject", record.event.subject},
            {"system", record.event.system},
            {"source_ip", record.event.sourceIp},
            {"result", audit::toString(record.event.result)},
            {"fields", std::move(fields)}};
}

/// Who searched for whom is written down before the answer leaves.
Response search(const web::WebContext& context, Operations& operations, const Request& request, const Caller& caller) {
    const auto wish = AuditSearch::read(request, context.hub.site.utcOffset);
    if (!wish.ok()) return apiProblem(request, wish.error());
    auto event = web::eventOf("audit.read", request, &caller);
    for (const auto& [name, value] : wish->said()) event.fields.emplace_back(name, value);
    if (auto kept = web::record(context.hub, std::move(event)); !kept.ok()) return apiProblem(request, kept.error());
    const auto page = operations.readAudit(wish->query());
    if (!page.ok()) return apiProblem(request, page.error());
    Json items = Json::array();
    for (const audit::AuditRecord& record : page->records) items.push_back(recordJson(record));
    const Json next = page->nextBefore == 0 ? Json(nullptr) : Json(page->nextBefore);
    return Response::json(200, {{"items", std::move(items)}, {"next", next}, {"cut", page->cut}});
}

}  // namespace

core::Status mountAudit(http::Router& router, const web::WebContext& context, Operations& operations) {
    return router.add({"GET",
                       "/api/v1/admin/audit",
                       context.guard.admin({Role::kAuditor},
                                           [&context, &operations](const Request& request, const Caller& caller) {
                                               return search(context, operations, request, caller);
                                           }),
                       {}});
}

}  // namespace yimen::admin
