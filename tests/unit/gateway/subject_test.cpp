#include "gateway/subject.h"

#include "unit/identity/session_fixture.h"

namespace yimen::gateway {
namespace {

class SubjectTest : public identity::SessionTableTest {
protected:
    std::int64_t post(identity::PersonId person, identity::OrgId org, const char* title, const char* roles,
                      store::Validity validity = {}) {
        store::PostRecord wanted;
        wanted.person = person;
        wanted.org = org;
        wanted.title = title;
        wanted.roles = roles;
        wanted.validity = validity;
        return world.stores.posts->create(wanted).value().id;
    }
    std::shared_ptr<const identity::Directory> directory() {
        identity::DirectoryHolder holder(world.stores);
        EXPECT_TRUE(holder.reload().ok());
        return holder.current();
    }
    identity::Day today = identity::dayAt(world.clock.wall(), std::chrono::minutes(480));
};

TEST_F(SubjectTest, CarriesEveryCurrentPostWithItsUnitsUpToTheRoot) {
    const auto district = world.organisation("210299", store::OrgKind::kDistrict, 0);
    const auto street = world.organisation("210299001", store::OrgKind::kStreet, district);
    post(zhang, street, "科员", "clerk");
    const auto second = post(zhang, district, "主任", "leader");
    const auto created = signIn(zhang);
    ASSERT_TRUE(table->setActingPost(created.session->id(), second));
    const auto subject = subjectOf(*created.session, *directory(), today, world.clock.wall());
    EXPECT_EQ(subject.username, "zhang");
    ASSERT_EQ(subject.posts.size(), 2u);
    EXPECT_EQ(subject.posts[0].orgPath, (std::vector<std::string>{"210299001", "210299"}));
    EXPECT_TRUE(subject.hasRole("clerk") && subject.hasRole("leader") && !subject.hasRole("auditor"));
    ASSERT_NE(subject.actingPost, policy::Subject::kNoPost);
    EXPECT_EQ(subject.posts[subject.actingPost].title, "主任");
    EXPECT_EQ(subject.assurance, 1);
    ASSERT_TRUE(table->raiseAssurance(created.session->id(), identity::Assurance::kTwoFactors));
    EXPECT_EQ(subjectOf(*created.session, *directory(), today, world.clock.wall()).assurance, 2);
    EXPECT_EQ(subjectOf(*created.session, *directory(), today, world.clock.wall()).provedAt, world.clock.wall());
    world.clock.advance(identity::Session::kStepUpFor);
    EXPECT_EQ(subjectOf(*created.session, *directory(), today, world.clock.wall()).assurance, 1);
}

TEST_F(SubjectTest, AStrangerHasNothing) {
    const auto subject = subjectOf(identity::PersonId{4711}, *directory(), today);
    EXPECT_TRUE(subject.username.empty() && subject.posts.empty());
    EXPECT_FALSE(subject.hasRole("clerk"));
}

}  // namespace
}  // namespace yimen::gateway
