#include <algorithm>
#include <set>

#include "admin/api.h"
#include "admin/share_desk.h"
#include "catalog/share_masks.h"

namespace yimen::admin {

using core::Json;
using http::Request;
using http::Response;
using identity::OrgId;
using web::apiProblem;
using web::Caller;

namespace {

std::string textOf(const config::YamlNode& map, const char* key) {
    const auto node = map.find(key);
    if (!node) return {};
    const auto text = node->text();
    return text.ok() ? *text : std::string();
}

std::string personalOf(const config::YamlNode& declared, const std::string& field) {
    for (std::size_t i = 0; i < declared.size(); ++i) {
        const config::YamlNode one = declared.at(i);
        if (textOf(one, "to") == field) return textOf(one, "personal");
    }
    return {};
}

/// The mask that hides what a field says of a person and leaves the rest of use.
catalog::Mask maskFor(const std::string& personal, bool text) {
    using catalog::Mask;
    if (personal.empty() || personal == "none") return Mask::kPlain;
    if (!text) return Mask::kHash;
    if (personal == "name") return Mask::kName;
    if (personal == "id_no") return Mask::kIdNumber;
    if (personal == "phone") return Mask::kPhone;
    return personal == "address" ? Mask::kAddress : Mask::kHash;
}

Json unitOf(const identity::Directory& directory, const std::string& code) {
    const auto* org = directory.organisationByCode(code);
    return {{"code", code}, {"name", org == nullptr ? code : org->name}};
}

/// What may be asked for, and by whom: metadata alone, so that everybody who works here may look.
class OffersApi {
public:
    OffersApi(const web::WebContext& context, ShareDesk& desk) : context_(context), desk_(desk) {}

    Response list(const Request&, const Caller& caller) const {
        Json items = Json::array();
        for (const catalog::DataItem* item : desk_.catalog.search("")) {
            if (isOffered(*item)) items.push_back(offerJson(*item, caller));
        }
        return Response::json(200, {{"items", std::move(items)}});
    }

    Response show(const Request& request, const Caller& caller) const {
        const std::string code(request.params.text("item"));
        const catalog::DataItem* item = desk_.catalog.find(code);
        if (item == nullptr || !isOffered(*item)) {
            return apiProblem(request, core::makeError(core::ErrorCode::kNotFound,
                                                       "没有可申请的数据项 / no item '" + code + "' can be asked for"));
        }
        Json out = offerJson(*item, caller);
        out["resource_code"] = item->resourceCode;
        out["key_fields"] = item->keyFields;
        out["fields"] = shareFields(desk_.service.specOf(code).get());
        out["units"] = unitsOf(caller);
        out["areas"] = areas(*caller.directory);
        return Response::json(200, out);
    }

private:
    bool isOffered(const catalog::DataItem& item) const {
        return item.share != catalog::ShareType::kNone && desk_.service.specOf(item.code) != nullptr &&
               !desk_.service.ownerOf(item.code).empty();
    }

    Json offerJson(const catalog::DataItem& item, const Caller& caller) const {
        return {{"code", item.code},
                {"name", item.name},
                {"category", item.category},
                {"provider", item.provider},
                {"owner", unitOf(*caller.directory, desk_.service.ownerOf(item.code))},
                {"share", toString(item.share)},
                {"condition", item.shareCondition},
                {"personal", toString(item.personal)},
                {"level", item.level},
                {"cycle", item.cycle}};
    }

    store::Day today() const { return identity::dayAt(context_.hub.clock.wall(), context_.hub.site.utcOffset); }

    /// The units of the caller's posts today: one asks for one's own.
    Json unitsOf(const Caller& caller) const {
        Json out = Json::array();
        std::set<OrgId> seen;
        for (const identity::Post* post : caller.directory->postsOf(caller.person.id, today())) {
            const auto* org = caller.directory->organisation(post->org);
            if (org != nullptr && seen.insert(org->id).second) {
                out.push_back({{"code", org->code}, {"name", org->name}});
            }
        }
        return out;
    }

    /// The streets of today: rows can be asked for of one of them.
    Json areas(const identity::Directory& directory) const {
        Json out = Json::array();
        for (const auto& org : directory.organisations()) {
            if (org.kind != store::OrgKind::kStreet || directory.pathOf(org.id, today()).empty()) continue;
            out.push_back({{"code", org.code}, {"name", org.name}});
        }
        return out;
    }

    const web::WebContext& context_;
    ShareDesk& desk_;
};

}  // namespace

Json shareFields(const sync::ItemSpec* spec) {
    Json out = Json::array();
    if (spec == nullptr) return out;
    for (const sync::Field& field : spec->table.schema.fields) {
        const std::string personal = personalOf(spec->fields, field.name);
        const bool text = field.type == sync::FieldType::kText;
        out.push_back({{"name", field.name},
                       {"title", field.title},
                       {"type", toString(field.type)},
                       {"key", field.key},
                       {"personal", personal.empty() ? "none" : personal},
                       {"mask", toString(maskFor(personal, text))}});
    }
    return out;
}

core::Status mountShareOffers(http::Router& router, const web::WebContext& context, ShareDesk& desk) {
    const auto api = std::make_shared<OffersApi>(context, desk);
    const auto route = [&](auto method) {
        return context.guard.api([api, method](const Request& r, const Caller& c) { return (*api.*method)(r, c); });
    };
    YIMEN_TRY_STATUS(router.add({"GET", "/api/v1/share-offers", route(&OffersApi::list), {}}));
    return router.add({"GET", "/api/v1/share-offers/{item}", route(&OffersApi::show), {}});
}

}  // namespace yimen::admin
