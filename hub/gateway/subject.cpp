#include "gateway/subject.h"

#include "identity/role.h"

namespace yimen::gateway {

namespace {

std::vector<std::string> words(identity::RoleSet roles) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < identity::kRoleCount; ++i) {
        const auto role = static_cast<identity::Role>(i);
        if (roles.has(role)) out.emplace_back(identity::toString(role));
    }
    return out;
}

policy::Post postOf(const identity::Post& post, const identity::Directory& directory, identity::Day day) {
    policy::Post out;
    out.id = post.id;
    out.title = post.title;
    out.roles = words(post.roles);
    if (const auto* org = directory.organisation(post.org)) out.orgName = org->name;
    const auto path = directory.pathOf(post.org, day);
    for (auto org = path.rbegin(); org != path.rend(); ++org) {
        if (const auto* record = directory.organisation(*org)) out.orgPath.push_back(record->code);
    }
    return out;
}

policy::Subject build(identity::PersonId person, identity::PostId acting, const identity::Directory& directory,
                      identity::Day day) {
    policy::Subject subject;
    const auto* record = directory.person(person);
    if (record == nullptr) return subject;
    subject.username = record->usernameKey;
    subject.name = record->name;
    const auto* actingPost = directory.actingPost(person, acting, day);
    for (const auto* post : directory.postsOf(person, day)) {
        if (post == actingPost) subject.actingPost = subject.posts.size();
        subject.posts.push_back(postOf(*post, directory, day));
    }
    return subject;
}

}  // namespace

policy::Subject subjectOf(const identity::Session& session, const identity::Directory& directory, identity::Day day,
                          core::WallTime now) {
    policy::Subject subject = build(session.person(), session.actingPost(), directory, day);
    subject.assurance = static_cast<int>(session.assurance(now));
    subject.provedAt = session.provedAt();
    return subject;
}

policy::Subject subjectOf(identity::PersonId person, const identity::Directory& directory, identity::Day day) {
    return build(person, 0, directory, day);
}

}  // namespace yimen::gateway
