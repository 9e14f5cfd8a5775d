#pragma once

#include "admin/share_desk.h"
#include "core/time_format.h"
#include "unit/catalog/share_world.h"
#include "unit/web/fixture.h"

namespace yimen::admin::test {

/// The hub host with sharing over the payments of aid of catalog::test::ShareWorld; stores, directory and clock are the
/// hub host's.
class ShareHub {
public:
    ShareHub() {
        auto& world = hub.world;
        district = world.organisation("210299", store::OrgKind::kDistrict, 0);
        street = world.organisation("210299001", store::OrgKind::kStreet, district);
        community = world.organisation("210299001001", store::OrgKind::kCommunity, street);
        owner = world.stores.organisations
                    ->create({0, "D04", store::OrgKind::kDepartment, "区民政局", "", {}, "", ""}, district)
                    ->id;
        consumer = world.organisation("D15", store::OrgKind::kDepartment, district);
        // Both clocks start at the same moment; the shared database's goes ahead until what it has is settled.
        world.clock.advance(std::chrono::seconds(60));
        data.put("1", "210299001");
        data.put("2", "210299001001");
        data.put("3", "210299002");
        data.settle();
        EXPECT_TRUE(mountShares(hub.router, hub.context, desk).ok());
        EXPECT_TRUE(mountShareRows(hub.router, hub.context, desk).ok());
    }

    /// Signs somebody in who has one post.
    identity::PersonId signIn(const std::string& name, identity::OrgId org, const std::string& roles) {
        const auto person = hub.world.person(name);
        store::PostRecord post;
        post.person = person;
        post.org = org;
        post.title = "科员";
        post.roles = roles;
        EXPECT_TRUE(hub.world.stores.posts->create(post).ok());
        EXPECT_TRUE(hub.context.hub.directory.reload().ok());
        as(person);
        return person;
    }
    void as(identity::PersonId person) {
        auto made = hub.sessions.create({person, 0, identity::Assurance::kPassword, "10.1.2.3", "Firefox"});
        EXPECT_TRUE(made.ok());
        hub.cookies[std::string(web::kHubCookie)] = made->cookie;
        hub.session = made->session;
    }
    core::Json draft(const core::Json& terms = catalog::test::ShareWorld::terms()) const {
        return {{"item", "ZS-MS-005"}, {"unit", "D15"}, {"purpose", "核对参保"}, {"legal_basis", "社会救助暂行办法"},
                {"from", day(0)},      {"to", day(30)}, {"terms", terms}};
    }
    std::string day(int later) const {
        return core::formatDate(hub.world.clock.wall() + std::chrono::hours(8 + 24 * later));
    }
    static core::Json body(const http::Response& answer) { return core::parseJson(answer.body).value(); }

    web::test::HubWorld hub;
    identity::OrgId district = 0, street = 0, community = 0, owner = 0, consumer = 0;
    catalog::test::ShareWorld data;
    DirectoryUnits units{hub.context.hub.directory, hub.world.clock, std::chrono::minutes(480)};
    catalog::ShareService service{
        {*hub.world.stores.shares, data.catalog, data.spec, data.owners, units, hub.world.clock}};
    catalog::ShareReader reader{{*hub.world.stores.shares, *hub.world.stores.shareAccess, data.spec, *data.shared.view,
                                 units, hub.world.clock, hub.world.random, *hub.world.sealer,
                                 catalog::ShareMasks(data.keys.deriveActive("share_masks"))}};
    catalog::ShareTokens tokens{*hub.world.stores.shareAccess, hub.world.clock, hub.world.random};
    ShareDesk desk{data.catalog, service, reader, tokens};
};

}  // namespace yimen::admin::test
