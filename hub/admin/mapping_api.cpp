#include "admin/mapping_desk.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::size_t kMaxBody = 512 * 1024;
constexpr std::int64_t kMostRows = 50;

std::string_view wordOf(sync::PreviewRow::State state) noexcept {
    switch (state) {
        case sync::PreviewRow::State::kGood:
            return "good";
        case sync::PreviewRow::State::kRejected:
            return "rejected";
        case sync::PreviewRow::State::kDropped:
            return "dropped";
        case sync::PreviewRow::State::kGone:
            return "gone";
    }
    return "good";
}

Json orNull(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json(nullptr);
}

Json rowJson(const sync::PreviewRow& row) {
    Json cells = Json::array();
    for (const sync::PreviewCell& cell : row.cells) {
        cells.push_back({{"field", cell.field},
                         {"title", cell.title},
                         {"source", orNull(cell.source)},
                         {"result", orNull(cell.result)},
                         {"rule", cell.rule},
                         {"message", cell.message}});
    }
    Json said = Json::array();
    for (const sync::RuleCount& rule : row.rules) {
        said.push_back({{"rule", rule.rule}, {"field", rule.field}, {"severity", rule.severity}});
    }
    return {{"origin", row.origin},   {"state", wordOf(row.state)}, {"rule", row.rule},
            {"message", row.message}, {"cells", std::move(cells)},  {"said", std::move(said)}};
}

class MappingApi {
public:
    MappingApi(const web::WebContext& context, MappingDesk& desk) : context_(context), desk_(desk) {}

    Response text(const Request& request, const Caller&) const {
        const auto mapping = desk_.mapping(std::string(request.params.text("item")));
        if (!mapping.ok()) return apiProblem(request, mapping.error());
        return Response::json(200, {{"file", mapping->file},
                                    {"text", mapping->text},
                                    {"script_name", mapping->scriptName},
                                    {"script", mapping->script},
                                    {"map_version", mapping->version}});
    }

    /// Reads records of the source, so it is written down before they are shown.
    Response preview(const Request& request, const Caller& caller) const {
        const auto body = request.json();
        if (!body.ok()) return apiProblem(request, body.error());
        const auto wish = wishOf(*body);
        if (!wish.ok()) return apiProblem(request, wish.error());
        const std::string item(request.params.text("item"));
        auto event = web::eventOf("sync.mapping.preview", request, &caller);
        event.fields.emplace_back("item", item);
        if (auto durable = web::record(context_.hub, std::move(event)); !durable.ok()) {
            return apiProblem(request, durable.error());
        }
        const auto made = desk_.preview(item, *wish);
        if (!made.ok()) return apiProblem(request, made.error());
        Json rows = Json::array();
        for (const sync::PreviewRow& row : made->rows) rows.push_back(rowJson(row));
        return Response::json(200,
                              {{"columns", made->columns}, {"map_version", made->version}, {"rows", std::move(rows)}});
    }

private:
    static core::Result<MappingWish> wishOf(const Json& body) {
        const core::JsonReader reader(body);
        YIMEN_TRY_STATUS(reader.onlyKeys({"text", "script", "rows"}));
        MappingWish wish;
        if (body.contains("text")) {
            YIMEN_TRY(wish.text, reader.text("text"));
        }
        if (body.contains("script")) {
            YIMEN_TRY(wish.script, reader.text("script"));
        }
        YIMEN_TRY(const std::int64_t rows, reader.integer("rows"));
        if (rows < 1 || rows > kMostRows) {
            return core::makeError(core::ErrorCode::kInvalidInput, "$.rows: 1 to " + std::to_string(kMostRows));
        }
        wish.rows = static_cast<std::size_t>(rows);
        return wish;
    }

    const web::WebContext& context_;
    MappingDesk& desk_;
};

}  // namespace

core::Status mountMapping(http::Router& router, const web::WebContext& context, MappingDesk& desk) {
    const auto api = std::make_shared<MappingApi>(context, desk);
    const auto route = [&](auto method) {
        return context.guard.admin({Role::kDataSteward, Role::kSystemAdmin},
                                   [api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    http::RouteOptions large;
    large.maxBodyBytes = kMaxBody;
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/data/items/{item}/mapping", route(&MappingApi::text), {}}));
    return router.add({"POST", "/api/v1/data/items/{item}/mapping/preview", route(&MappingApi::preview), large});
}

}  // namespace yimen::admin
