#include <algorithm>

#include "admin/api.h"
#include "admin/data_json.h"
#include "admin/lineage_desk.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using identity::Role;
using web::apiProblem;
using web::Caller;

namespace {

constexpr std::size_t kRuns = 40;
constexpr std::size_t kBatches = 20;

std::string textOf(const config::YamlNode& map, const char* key) {
    const auto node = map.find(key);
    if (!node) return {};
    const auto text = node->text();
    return text.ok() ? *text : std::string();
}

/// Where one field comes from, in the words of its data.yaml.
Json fieldJson(const sync::Field& field, const config::YamlNode& declared) {
    Json steps = Json::array();
    std::string from;
    std::string personal;
    for (std::size_t i = 0; i < declared.size(); ++i) {
        const config::YamlNode one = declared.at(i);
        if (textOf(one, "to") != field.name) continue;
        from = textOf(one, "from");
        personal = textOf(one, "personal");
        for (const char* step : {"code", "check", "mask", "constant", "expression"}) {
            if (const std::string word = textOf(one, step); !word.empty())
                steps.push_back(std::string(step) + " " + word);
        }
        for (const char* step : {"split", "join", "date", "scale", "coordinate"}) {
            if (one.find(step)) steps.push_back(step);
        }
    }
    return {{"name", field.name}, {"title", field.title},      {"type", toString(field.type)},
            {"from", from},       {"steps", std::move(steps)}, {"personal", personal.empty() ? "none" : personal}};
}

class LineageApi {
public:
    LineageApi(const web::WebContext& context, LineageDesk& desk) : context_(context), desk_(desk) {}

    Response show(const Request& request, const Caller& caller) const {
        const std::string code(request.params.text("item"));
        const catalog::DataItem* item = desk_.data.catalog().find(code);
        if (item == nullptr) {
            return apiProblem(request, core::makeError(core::ErrorCode::kNotFound,
                                                       "目录中没有 / no item '" + code + "' in the catalogue"));
        }
        const auto out = lineage(*item, *caller.directory);
        return out.ok() ? Response::json(200, *out) : apiProblem(request, out.error());
    }

private:
    core::Result<Json> lineage(const catalog::DataItem& item, const identity::Directory& directory) const {
        YIMEN_TRY(const auto runs, desk_.data.shared().runs->list(item.code, kRuns));
        YIMEN_TRY(Json letters, deadLetters(item.code));
        YIMEN_TRY(Json consumers, consumersOf(item.code, directory));
        Json out = {{"item", item.code},
                    {"provider", item.provider},
                    {"system", item.source},
                    {"freshness", freshness(item, runs)},
                    {"consumers", std::move(consumers)},
                    {"checks", checksOf(item.code)},
                    {"fields", Json::array()},
                    {"batches", Json::array()}};
        out["quality"] = quality(runs);
        out["quality"]["dead_letters"] = std::move(letters);
        if (const sync::ItemSpecPtr spec = desk_.data.spec(item.code)) {
            out["table"] = spec->table.table;
            out["map_version"] = spec->mapVersion;
            out["script"] = spec->scriptName;
            for (const sync::Field& field : spec->table.schema.fields) {
                out["fields"].push_back(fieldJson(field, spec->fields));
            }
        }
        if (runs.empty()) return out;
        YIMEN_TRY(const auto batches, desk_.data.shared().runs->batches(runs.front().id, kBatches));
        for (const sync::CommittedBatch& batch : batches) {
            out["batches"].push_back({{"run", batch.run},
                                      {"partition", batch.partition},
                                      {"number", batch.number},
                                      {"from", batch.from},
                                      {"after", batch.after},
                                      {"read", batch.counters.read},
                                      {"committed_at", timeOfMs(batch.committedAt)}});
        }
        return out;
    }

    /// The newest run that came to its end, against the cycle that the catalogue promises.
    Json freshness(const catalog::DataItem& item, const std::vector<sync::Run>& runs) const {
        const auto good = std::find_if(runs.begin(), runs.end(), [](const sync::Run& run) {
            const bool ended = run.state == sync::RunState::kDone || run.state == sync::RunState::kPartial;
            return ended && run.kind == sync::RunKind::kSync;
        });
        const std::int64_t now = core::toUnixMicros(context_.hub.clock.wall()) / 1000;
        const auto limit = catalog::latestAge(item.cycle);
        const std::int64_t age = good == runs.end() ? -1 : (now - good->startedAt) / 1000;
        Json late = nullptr;
        if (limit && desk_.data.spec(item.code) != nullptr) {
            late = age < 0 || age > std::chrono::duration_cast<std::chrono::seconds>(*limit).count();
        }
        return {{"cycle", item.cycle},
                {"last_success", good == runs.end() ? Json(nullptr) : timeOfMs(good->startedAt)},
                {"age_seconds", age < 0 ? Json(nullptr) : Json(age)},
                {"limit_seconds",
                 limit ? Json(std::chrono::duration_cast<std::chrono::seconds>(*limit).count()) : Json(nullptr)},
                {"late", std::move(late)}};
    }

    /// Of what was read in the last runs, how much was good; the score is that share in percent, cut to a tenth.
    static Json quality(const std::vector<sync::Run>& runs) {
        std::uint64_t read = 0;
        std::uint64_t rejected = 0;
        Json trend = Json::array();
        for (const sync::Run& run : runs) {
            read += run.counters.read;
            rejected += run.counters.rejected;
            trend.push_back({{"run", run.id},
                             {"started_at", timeOfMs(run.startedAt)},
                             {"read", run.counters.read},
                             {"rejected", run.counters.rejected}});
        }
        Json score = nullptr;
        if (read > 0) {
            const auto tenths = (read - rejected) * 1000 / read;  // of a percent, rounded down: 100 means all of them
            score = static_cast<double>(tenths) / 10.0;
        }
        return {{"score", std::move(score)}, {"read", read}, {"rejected", rejected}, {"runs", std::move(trend)}};
    }

    core::Result<Json> deadLetters(const std::string& item) const {
        YIMEN_TRY(const auto groups, desk_.data.shared().deadLetters->groups());
        Json out = Json::array();
        for (const auto& group : groups) {
            if (group.item == item) out.push_back({{"rule", group.rule}, {"field", group.field}, {"open", group.open}});
        }
        return out;
    }

    /// Contracts in force, with the fields they give.
    core::Result<Json> consumersOf(const std::string& item, const identity::Directory& directory) const {
        YIMEN_TRY(const auto shares, context_.hub.stores.shares->list("active"));
        Json out = Json::array();
        for (const store::ShareRecord& share : shares) {
            if (share.item != item || context_.hub.clock.wall() >= share.to) continue;
            Json fields = Json::array();
            if (const auto terms = core::parseJson(share.terms); terms.ok() && terms->contains("columns")) {
                for (const Json& column : (*terms)["columns"]) fields.push_back(column.value("field", std::string()));
            }
            const auto* unit = directory.organisationByCode(share.unit);
            out.push_back({{"share", share.id},
                           {"unit", share.unit},
                           {"unit_name", unit == nullptr ? share.unit : unit->name},
                           {"fields", std::move(fields)}});
        }
        return out;
    }

    Json checksOf(const std::string& item) const {
        Json out = Json::array();
        for (const catalog::CheckSpec& check : desk_.checks) {
            if (std::find(check.items.begin(), check.items.end(), item) != check.items.end()) out.push_back(check.name);
        }
        return out;
    }

    const web::WebContext& context_;
    LineageDesk& desk_;
};

}  // namespace

core::Status mountLineage(http::Router& router, const web::WebContext& context, LineageDesk& desk) {
    const auto api = std::make_shared<LineageApi>(context, desk);
    return router.add({"GET",
                       "/api/v1/data/items/{item}/lineage",
                       context.guard.admin({Role::kDataSteward, Role::kSystemAdmin},
                                           [api](const Request& r, const Caller& c) { return api->show(r, c); }),
                       {}});
}

}  // namespace yimen::admin
