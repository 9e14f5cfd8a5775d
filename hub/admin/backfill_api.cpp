#include "admin/data_desk.h"
#include "admin/data_json.h"

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

constexpr std::size_t kMaxText = 200;

struct Wish {
    sync::Range range;
    bool dryRun = true;
};

core::Result<std::string> shortText(const core::JsonReader& reader, const char* key) {
    if (!reader.has(key)) return std::string();
    YIMEN_TRY(auto text, reader.text(key));
    if (text.size() > kMaxText) {
        return makeError(ErrorCode::kInvalidInput,
                         std::string("$.") + key + ": 过长 / at most " + std::to_string(kMaxText) + " bytes");
    }
    return text;
}

core::Result<Wish> readWish(const Json& body) {
    const core::JsonReader reader(body);
    YIMEN_TRY_STATUS(reader.onlyKeys({"column", "from", "to", "dry_run"}));
    Wish wish;
    YIMEN_TRY(wish.range.column, shortText(reader, "column"));
    YIMEN_TRY(wish.range.from, shortText(reader, "from"));
    YIMEN_TRY(wish.range.to, shortText(reader, "to"));
    YIMEN_TRY(wish.dryRun, reader.boolean("dry_run"));
    if (!wish.dryRun && wish.range.from.empty() && wish.range.to.empty()) {
        return makeError(ErrorCode::kInvalidInput,
                         "$.from: 请至少给出一端 / a range needs from or to; to read everything is a full run");
    }
    return wish;
}

class BackfillApi {
public:
    BackfillApi(const web::WebContext& context, DataDesk& desk) : context_(context), desk_(desk) {}

    Response start(const Request& request, const Caller& caller) {
        const std::string item(request.params.text("item"));
        const auto body = core::parseJson(request.body);
        if (!body.ok()) return apiProblem(request, body.error());
        const auto wish = readWish(*body);
        if (!wish.ok()) return apiProblem(request, wish.error());
        const auto plan = desk_.planBackfill(item, wish->range);
        if (!plan.ok()) return apiProblem(request, plan.error());
        if (!wish->dryRun) {
            if (auto begun = begin(request, caller, item, plan->range); !begun.ok())
                return apiProblem(request, begun.error());
        }
        return Response::json(200, {{"item", item},
                                    {"column", plan->range.column},
                                    {"from", plan->range.from},
                                    {"to", plan->range.to},
                                    {"columns", plan->columns},
                                    {"selective", plan->selective},
                                    {"started", !wish->dryRun}});
    }

    Response cancel(const Request& request, const Caller& caller) {
        const std::string item(request.params.text("item"));
        if (!desk_.act(sync::jobName(item, true), true)) {
            if (auto done = desk_.shared().board->cancel(item, true); !done.ok())
                return apiProblem(request, done.error());
        }
        if (auto kept = record("sync.backfill.cancel", request, caller, item, {}); !kept.ok())
            return apiProblem(request, kept.error());
        return Response::noContent();
    }

private:
    core::Status begin(const Request& request, const Caller& caller, const std::string& item,
                       const sync::Range& range) {
        if (range.column.empty()) {
            return makeError(ErrorCode::kInvalidInput,
                             "$.column: 该项没有水位或单列主键，请指明一列 / name a column: the item has neither a "
                             "watermark nor a key of one column");
        }
        YIMEN_TRY_STATUS(desk_.shared().board->backfill(item, range));
        desk_.act(sync::jobName(item, true), false);
        return record("sync.backfill.start", request, caller, item, range);
    }

    core::Status record(const char* type, const Request& request, const Caller& caller, const std::string& item,
                        const sync::Range& range) const {
        auto event = web::eventOf(type, request, &caller);
        event.subject = "item:" + item;
        event.fields.emplace_back("item", item);
        if (!range.column.empty()) {
            event.fields.emplace_back("column", range.column);
            event.fields.emplace_back("from", range.from);
            event.fields.emplace_back("to", range.to);
        }
        return web::record(context_.hub, std::move(event));
    }

    const web::WebContext& context_;
    DataDesk& desk_;
};

}  // namespace

core::Status mountBackfills(http::Router& router, const web::WebContext& context, DataDesk& desk) {
    const auto api = std::make_shared<BackfillApi>(context, desk);
    const auto route = [&](auto method) {
        return context.guard.admin({Role::kDataSteward, Role::kSystemAdmin},
                                   [api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(router.add({"POST", "/api/v1/data/items/{item}/backfill", route(&BackfillApi::start), {}}));
    return router.add({"DELETE", "/api/v1/data/items/{item}/backfill", route(&BackfillApi::cancel), {}});
}

}  // namespace yimen::admin
