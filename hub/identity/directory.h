#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/published.h"
#include "identity/role.h"
#include "store/stores.h"

namespace yimen::identity {

using store::Day;
using store::OrgId;
using store::PersonId;
using store::PostId;

/// Which day it is at the site. `utcOffset` from the configuration (China: 8 h, no summer time).
Day dayAt(core::WallTime time, std::chrono::minutes utcOffset) noexcept;

struct Post {
    PostId id = 0;
    PersonId person = 0;
    OrgId org = 0;
    std::string title;
    RoleSet roles;
    store::Validity validity;
};

/// What the stores hold, as read at one moment. Input of Directory::build.
struct DirectoryData {
    std::vector<store::PersonRecord> people;
    std::vector<store::OrganisationRecord> organisations;
    std::vector<store::PlacementRecord> placements;
    std::vector<store::PostRecord> posts;
};

/// Everybody, every unit and every post at one moment. Immutable, so any thread; pointers live as long as the
/// snapshot. Questions with a day answer for that day, past and future included.
class Directory {
    struct Private {
        explicit Private() = default;
    };

public:
    /// For build() only.
    Directory(Private, DirectoryData data) : data_(std::move(data)) {}
    /// kCorrupt when the data contradicts itself: a cycle, a post of nobody, an unknown role.
    static core::Result<std::shared_ptr<const Directory>> build(DirectoryData data);

    const store::PersonRecord* person(PersonId id) const noexcept;
    /// By core::normalizeUsername's form.
    const store::PersonRecord* personByKey(std::string_view usernameKey) const noexcept;
    const std::vector<store::PersonRecord>& people() const noexcept { return data_.people; }

    const store::OrganisationRecord* organisation(OrgId id) const noexcept;
    /// By code, or by a former code (alias).
    const store::OrganisationRecord* organisationByCode(std::string_view code) const noexcept;
    const std::vector<store::OrganisationRecord>& organisations() const noexcept { return data_.organisations; }
    /// 0 for a root, or when the unit did not exist that day.
    OrgId parentOf(OrgId org, Day day) const noexcept;
    /// True also for the unit itself. False when either did not exist that day.
    bool isWithin(OrgId org, OrgId ancestor, Day day) const noexcept;
    /// The unit and everything below it that day, parents before children; empty when it did not exist.
    std::vector<OrgId> subtree(OrgId org, Day day) const;
    /// From the root down to the unit.
    std::vector<OrgId> pathOf(OrgId org, Day day) const;

    const Post* post(PostId id) const noexcept;
    /// Posts valid that day in units valid that day, in order of id.
    std::vector<const Post*> postsOf(PersonId person, Day day) const;
    /// Every post ever.
    std::vector<const Post*> allPostsOf(PersonId person) const;
    /// The post to act in: `wanted` if the person holds it that day, else the first valid one, else nothing.
    const Post* actingPost(PersonId person, PostId wanted, Day day) const noexcept;
    /// The roles of all posts valid that day together.
    RoleSet rolesOf(PersonId person, Day day) const;

private:
    struct Node {
        std::vector<store::PlacementRecord> places;
        std::vector<std::uint32_t> children;  ///< every unit that ever stood below this one
    };
    core::Status indexPeople();
    core::Status indexOrganisations();
    core::Status indexPlacements();
    core::Status checkCircles() const;
    core::Status indexPosts();
    bool existed(OrgId org, Day day) const noexcept;
    bool holds(const Post& post, Day day) const noexcept;
    const store::PlacementRecord* placeOn(std::uint32_t index, Day day) const noexcept;

    DirectoryData data_;
    std::unordered_map<PersonId, std::uint32_t> personById_;
    std::unordered_map<std::string_view, std::uint32_t> personByKey_;
    std::unordered_map<OrgId, std::uint32_t> orgById_;
    std::unordered_map<std::string, std::uint32_t> orgByCode_;
    std::vector<Node> nodes_;
    std::vector<Post> posts_;
    std::unordered_map<PostId, std::uint32_t> postById_;
    std::unordered_map<PersonId, std::vector<std::uint32_t>> postsByPerson_;
};

/// Holds the current Directory. Thread-safe; current() never blocks for long, reload() reads the store.
class DirectoryHolder {
public:
    /// Starts with an empty directory; call reload() before use. `stores` must outlive the holder.
    explicit DirectoryHolder(store::Stores& stores);

    std::shared_ptr<const Directory> current() const { return current_.load(); }
    /// Reads everything and publishes it; on an error the former snapshot stays.
    core::Status reload();
    /// Held by whoever changes people, units or posts from looking at them to reload(): rules over several rows (one
    /// administrator role each, no circle) hold only when changes take turns.
    std::mutex& changing() noexcept { return changing_; }

private:
    store::Stores& stores_;
    std::mutex changing_;
    std::mutex reloading_;
    core::Published<Directory> current_;
};

}  // namespace yimen::identity
