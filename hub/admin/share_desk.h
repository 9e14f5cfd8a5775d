#pragma once

#include "catalog/share_push.h"
#include "catalog/share_reader.h"
#include "catalog/share_service.h"
#include "catalog/share_tokens.h"
#include "http/router.h"
#include "identity/directory.h"
#include "web/routes.h"

namespace yimen::admin {

/// The tree of the directory in force, today. Thread-safe.
class DirectoryUnits final : public catalog::UnitTree {
public:
    DirectoryUnits(const identity::DirectoryHolder& directory, const core::Clock& clock, std::chrono::minutes utcOffset)
        : directory_(directory), clock_(clock), utcOffset_(utcOffset) {}
    bool exists(const std::string& unit) const override;
    std::vector<std::string> codesUnder(const std::string& unit) const override;
    std::string unitNamed(const std::string& name) const override;

private:
    identity::Day today() const { return identity::dayAt(clock_.wall(), utcOffset_); }

    const identity::DirectoryHolder& directory_;
    const core::Clock& clock_;
    const std::chrono::minutes utcOffset_;
};

/// What the API of sharing stands on. Everything outlives the router.
struct ShareDesk {
    const catalog::Catalog& catalog;
    catalog::ShareService& service;
    catalog::ShareReader& reader;
    catalog::ShareTokens& tokens;
    catalog::SharePusher* pushes = nullptr;  ///< null in a program that does not send
};

/// True when the person holds a post today in the unit or below it; with `roles` a post of at least one of them.
bool belongsTo(const web::Caller& caller, const std::string& unit, identity::Day today,
               std::initializer_list<identity::Role> roles = {});
/// The street, community or grid to which a post holds its person; nothing for posts of the whole district.
std::optional<std::string> territoryOf(const identity::Directory& directory, const identity::Post& post,
                                       identity::Day today);

/// The fields of an item with what they say of persons and the mask that fits, as openapi.yaml's ShareField; none for
/// null.
core::Json shareFields(const sync::ItemSpec* spec);

/// What may be asked for: metadata, for everybody who is signed in.
core::Status mountShareOffers(http::Router& router, const web::WebContext& context, ShareDesk& desk);
/// Requests, approvals, contracts and tokens of openapi.yaml.
core::Status mountShares(http::Router& router, const web::WebContext& context, ShareDesk& desk);
/// Reading under a contract, by token or in person.
core::Status mountShareRows(http::Router& router, const web::WebContext& context, ShareDesk& desk);
/// Sending of changes, for the unit that receives them. `desk.pushes` is not null.
core::Status mountSharePush(http::Router& router, const web::WebContext& context, ShareDesk& desk);

}  // namespace yimen::admin
