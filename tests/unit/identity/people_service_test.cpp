#include "identity/people_service.h"

#include "unit/identity/fixture.h"

namespace yimen::identity {

using core::ErrorCode;
using store::kOpenEnd;
using store::OrgKind;

namespace {

class PeopleServiceTest : public ::testing::Test {
protected:
    void SetUp() override {
        service.onClosed([this](PersonId id) { closed.push_back(id); });
        ASSERT_TRUE(holder.reload().ok());
    }
    core::Result<store::PersonRecord> create(const std::string& username) {
        store::PersonRecord person;
        person.username = username;
        person.name = "张伟";
        return service.createPerson(person);
    }
    OrgId unit(const std::string& code, OrgKind kind, OrgId parent) {
        auto made = service.createOrganisation({0, code, kind, code, "", {}, "", ""}, parent);
        EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().describe());
        return made.ok() ? made->id : 0;
    }

    test::World world;
    DirectoryHolder holder{world.stores};
    PeopleService service{{world.stores, holder, world.clock}};
    std::vector<PersonId> closed;
};

TEST_F(PeopleServiceTest, RefusesHomonymsInEverySpelling) {
    ASSERT_TRUE(create("WangMin").ok());
    for (const char* same : {"wangmin", "WANGMIN", "ｗａｎｇｍｉｎ", "ＷａｎｇＭｉｎ"}) {
        const auto refused = create(same);
        ASSERT_FALSE(refused.ok()) << same;
        EXPECT_EQ(refused.error().code, ErrorCode::kConflict);
    }
    EXPECT_EQ(create("wang min").error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(create("").error().code, ErrorCode::kInvalidInput);
    EXPECT_NE(holder.current()->personByKey("wangmin"), nullptr);
}

TEST_F(PeopleServiceTest, KeepsTheNameOfARemovedPersonTaken) {
    auto person = create("zhang");
    person->state = store::PersonState::kRemoved;
    ASSERT_TRUE(service.updatePerson(*person).ok());
    EXPECT_EQ(create("zhang").error().code, ErrorCode::kConflict);
}

TEST_F(PeopleServiceTest, TellsWhoMayNoLongerBeSignedIn) {
    auto person = create("zhang");
    person->name = "张小伟";
    person = service.updatePerson(*person);
    ASSERT_TRUE(person.ok());
    EXPECT_TRUE(closed.empty());
    person->state = store::PersonState::kDisabled;
    ASSERT_TRUE(service.updatePerson(*person).ok());
    EXPECT_EQ(closed, std::vector<PersonId>{person->id});
    EXPECT_EQ(service.updatePerson(*person).error().code, ErrorCode::kConflict) << "an old version";
}

TEST_F(PeopleServiceTest, BuildsTheTreeByItsKinds) {
    const OrgId district = unit("D", OrgKind::kDistrict, 0);
    const OrgId street = unit("S", OrgKind::kStreet, district);
    const OrgId community = unit("C", OrgKind::kCommunity, street);
    unit("G", OrgKind::kGrid, community);
    EXPECT_EQ(service.createOrganisation({0, "G2", OrgKind::kGrid, "网格", "", {}, "", ""}, street).error().code,
              ErrorCode::kInvalidInput);
    EXPECT_EQ(service.createOrganisation({0, "G", OrgKind::kGrid, "网格", "", {}, "", ""}, community).error().code,
              ErrorCode::kConflict);
    EXPECT_EQ(service.createOrganisation({0, "X", OrgKind::kGrid, "网格", "", {}, "", ""}, 99).error().code,
              ErrorCode::kNotFound);
    EXPECT_EQ(holder.current()->subtree(district, 0).size(), 4U);
}

TEST_F(PeopleServiceTest, RefusesAMoveBelowItselfAndKeepsTheTree) {
    const OrgId district = unit("D", OrgKind::kDistrict, 0);
    const OrgId bureau = unit("B", OrgKind::kDepartment, district);
    const OrgId office = unit("O", OrgKind::kDepartment, bureau);
    EXPECT_EQ(service.moveOrganisation(bureau, office, 100).error().code, ErrorCode::kInvalidInput);
    ASSERT_TRUE(service.moveOrganisation(office, district, 200).ok());
    ASSERT_TRUE(service.moveOrganisation(bureau, office, 300).ok()) << "by then the office stands above";
    EXPECT_FALSE(service.moveOrganisation(bureau, office, 100).ok()) << "but not yet on day 100";
    EXPECT_TRUE(holder.current()->isWithin(office, bureau, 199));
    EXPECT_FALSE(holder.current()->isWithin(office, bureau, 200));
    EXPECT_TRUE(holder.current()->isWithin(bureau, office, 300));
}

TEST_F(PeopleServiceTest, UndoesAMoveThatWouldCloseACircleLater) {
    const OrgId district = unit("D", OrgKind::kDistrict, 0);
    const OrgId a = unit("A", OrgKind::kDepartment, district);
    const OrgId b = unit("B", OrgKind::kDepartment, district);
    ASSERT_TRUE(service.moveOrganisation(a, b, 500).ok());
    EXPECT_FALSE(service.moveOrganisation(b, a, 100).ok()) << "on day 500 they would stand below each other";
    EXPECT_EQ(holder.current()->parentOf(b, 100), district);
    EXPECT_EQ(world.stores.organisations->placements()->size(), 4U);
}

TEST_F(PeopleServiceTest, KeepsTheThreeAdministratorsApart) {
    const OrgId district = unit("D", OrgKind::kDistrict, 0);
    const PersonId zhang = create("zhang")->id;
    const auto post = [&](const char* roles, store::Validity validity) {
        return service.grantPost({0, zhang, district, "管理员", roles, validity});
    };
    EXPECT_EQ(post("system_admin;auditor", {}).error().code, ErrorCode::kInvalidInput);
    const auto held = post("clerk;system_admin", {0, 100});
    ASSERT_TRUE(held.ok());
    EXPECT_EQ(post("auditor", {100, 200}).error().code, ErrorCode::kInvalidInput) << "one common day";
    ASSERT_TRUE(post("auditor", {101, 200}).ok()) << "after the other one ended";
    store::PostRecord longer = *held;
    longer.validity.to = kOpenEnd;
    EXPECT_EQ(service.changePost(longer).error().code, ErrorCode::kInvalidInput);
    store::PostRecord harmless = *held;
    harmless.validity.to = 150;
    harmless.roles = "clerk";
    ASSERT_TRUE(service.changePost(harmless).ok());
    EXPECT_EQ(holder.current()->rolesOf(zhang, 120).write(), "clerk;auditor");
}

TEST_F(PeopleServiceTest, RefusesPostsThatMakeNoSense) {
    const OrgId district = unit("D", OrgKind::kDistrict, 0);
    const PersonId zhang = create("zhang")->id;
    EXPECT_EQ(service.grantPost({0, zhang, district, "", "king", {}}).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(service.grantPost({0, zhang, district, "", "clerk", {5, 4}}).error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(service.grantPost({0, zhang, 99, "", "clerk", {}}).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(service.grantPost({0, 99, district, "", "clerk", {}}).error().code, ErrorCode::kNotFound);
    EXPECT_EQ(service.changePost({99, zhang, district, "", "clerk", {}}).error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace yimen::identity
