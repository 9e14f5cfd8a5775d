#include "identity/directory.h"

#include <algorithm>

namespace yimen::identity {

using core::ErrorCode;
using core::makeError;
using core::Result;
using core::Status;
using store::PlacementRecord;

namespace {

/// No administration is deeper; a longer way up is a circle.
constexpr int kMaxDepth = 64;

core::Error corrupt(const std::string& what) {
    return makeError(ErrorCode::kCorrupt, "the directory contradicts itself: " + what);
}

template <typename Map, typename Key>
auto indexOf(const Map& map, const Key& key) noexcept -> std::optional<std::uint32_t> {
    const auto found = map.find(key);
    if (found == map.end()) return std::nullopt;
    return found->second;
}

}  // namespace

Day dayAt(core::WallTime time, std::chrono::minutes utcOffset) noexcept {
    return static_cast<Day>(std::chrono::floor<std::chrono::days>(time + utcOffset).time_since_epoch().count());
}

Result<std::shared_ptr<const Directory>> Directory::build(DirectoryData data) {
    const auto made = std::make_shared<Directory>(Private{}, std::move(data));
    YIMEN_TRY_STATUS(made->indexPeople());
    YIMEN_TRY_STATUS(made->indexOrganisations());
    YIMEN_TRY_STATUS(made->indexPlacements());
    YIMEN_TRY_STATUS(made->checkCircles());
    YIMEN_TRY_STATUS(made->indexPosts());
    return std::shared_ptr<const Directory>(made);
}

Status Directory::indexPeople() {
    personById_.reserve(data_.people.size());
    personByKey_.reserve(data_.people.size());
    for (std::uint32_t i = 0; i < data_.people.size(); ++i) {
        const store::PersonRecord& person = data_.people[i];
        if (!personById_.emplace(person.id, i).second || !personByKey_.emplace(person.usernameKey, i).second) {
            return corrupt("two people with the number " + std::to_string(person.id) + " or its user name");
        }
    }
    return {};
}

Status Directory::indexOrganisations() {
    nodes_.resize(data_.organisations.size());
    for (std::uint32_t i = 0; i < data_.organisations.size(); ++i) {
        const store::OrganisationRecord& org = data_.organisations[i];
        if (!orgById_.emplace(org.id, i).second || !orgByCode_.emplace(org.code, i).second) {
            return corrupt("two units with the code '" + org.code + "'");
        }
    }
    for (std::uint32_t i = 0; i < data_.organisations.size(); ++i) {
        std::string_view aliases = data_.organisations[i].aliases;
        while (!aliases.empty()) {
            const std::size_t end = aliases.find(';');
            orgByCode_.emplace(std::string(aliases.substr(0, end)), i);  // a code in use wins over a former one
            aliases = end == std::string_view::npos ? std::string_view{} : aliases.substr(end + 1);
        }
    }
    return {};
}

Status Directory::indexPlacements() {
    for (const PlacementRecord& place : data_.placements) {
        const auto org = indexOf(orgById_, place.org);
        if (!org) continue;  // its unit was read a moment earlier than it was made
        const auto parent = indexOf(orgById_, place.parent);
        if (place.parent != 0 && !parent) return corrupt("a unit under number " + std::to_string(place.parent));
        for (const PlacementRecord& other : nodes_[*org].places) {
            if (other.validity.overlaps(place.validity)) {
                return corrupt("'" + data_.organisations[*org].code + "' stands in two places on one day");
            }
        }
        nodes_[*org].places.push_back(place);
        if (!parent) continue;
        std::vector<std::uint32_t>& children = nodes_[*parent].children;
        if (std::find(children.begin(), children.end(), *org) == children.end()) children.push_back(*org);
    }
    return {};
}

/// A circle begins on the first day of one of its places, so looking at those days is enough.
Status Directory::checkCircles() const {
    for (const PlacementRecord& place : data_.placements) {
        OrgId above = place.org;
        int depth = 0;
        while (above != 0 && ++depth <= kMaxDepth) above = parentOf(above, place.validity.from);
        if (above != 0) return corrupt("unit number " + std::to_string(place.org) + " stands below itself");
    }
    return {};
}

Status Directory::indexPosts() {
    posts_.reserve(data_.posts.size());
    for (const store::PostRecord& record : data_.posts) {
        if (!personById_.contains(record.person) || !orgById_.contains(record.org)) {
            return corrupt("post " + std::to_string(record.id) + " of nobody or nowhere");
        }
        const auto roles = RoleSet::parse(record.roles);
        if (!roles.ok()) return corrupt("post " + std::to_string(record.id) + ": " + roles.error().message);
        const auto index = static_cast<std::uint32_t>(posts_.size());
        posts_.push_back({record.id, record.person, record.org, record.title, *roles, record.validity});
        postById_.emplace(record.id, index);
        postsByPerson_[record.person].push_back(index);
    }
    return {};
}

const store::PersonRecord* Directory::person(PersonId id) const noexcept {
    const auto index = indexOf(personById_, id);
    return index ? &data_.people[*index] : nullptr;
}

const store::PersonRecord* Directory::personByKey(std::string_view usernameKey) const noexcept {
    const auto index = indexOf(personByKey_, usernameKey);
    return index ? &data_.people[*index] : nullptr;
}

const store::OrganisationRecord* Directory::organisation(OrgId id) const noexcept {
    const auto index = indexOf(orgById_, id);
    return index ? &data_.organisations[*index] : nullptr;
}

const store::OrganisationRecord* Directory::organisationByCode(std::string_view code) const noexcept {
    const auto index = indexOf(orgByCode_, std::string(code));
    return index ? &data_.organisations[*index] : nullptr;
}

const PlacementRecord* Directory::placeOn(std::uint32_t index, Day day) const noexcept {
    if (!data_.organisations[index].validity.includes(day)) return nullptr;
    for (const PlacementRecord& place : nodes_[index].places) {
        if (place.validity.includes(day)) return &place;
    }
    return nullptr;
}

OrgId Directory::parentOf(OrgId org, Day day) const noexcept {
    const auto index = indexOf(orgById_, org);
    const PlacementRecord* place = index ? placeOn(*index, day) : nullptr;
    return place == nullptr ? 0 : place->parent;
}

bool Directory::existed(OrgId org, Day day) const noexcept {
    const auto index = indexOf(orgById_, org);
    return index && placeOn(*index, day) != nullptr;
}

bool Directory::isWithin(OrgId org, OrgId ancestor, Day day) const noexcept {
    if (!existed(org, day) || !existed(ancestor, day)) return false;
    while (org != 0 && org != ancestor) org = parentOf(org, day);
    return org != 0;
}

std::vector<OrgId> Directory::subtree(OrgId org, Day day) const {
    std::vector<OrgId> found;
    if (!existed(org, day)) return found;
    found.push_back(org);
    for (std::size_t next = 0; next < found.size(); ++next) {
        for (const std::uint32_t child : nodes_[orgById_.at(found[next])].children) {
            const PlacementRecord* place = placeOn(child, day);
            if (place != nullptr && place->parent == found[next]) found.push_back(place->org);
        }
    }
    return found;
}

std::vector<OrgId> Directory::pathOf(OrgId org, Day day) const {
    std::vector<OrgId> path;
    if (!existed(org, day)) return path;
    for (; org != 0; org = parentOf(org, day)) path.push_back(org);
    std::reverse(path.begin(), path.end());
    return path;
}

const Post* Directory::post(PostId id) const noexcept {
    const auto index = indexOf(postById_, id);
    return index ? &posts_[*index] : nullptr;
}

std::vector<const Post*> Directory::allPostsOf(PersonId person) const {
    std::vector<const Post*> found;
    const auto mine = postsByPerson_.find(person);
    if (mine == postsByPerson_.end()) return found;
    for (const std::uint32_t index : mine->second) found.push_back(&posts_[index]);
    return found;
}

bool Directory::holds(const Post& post, Day day) const noexcept {
    return post.validity.includes(day) && existed(post.org, day);
}

std::vector<const Post*> Directory::postsOf(PersonId person, Day day) const {
    std::vector<const Post*> found = allPostsOf(person);
    std::erase_if(found, [&](const Post* post) { return !holds(*post, day); });
    return found;
}

const Post* Directory::actingPost(PersonId person, PostId wanted, Day day) const noexcept {
    const auto mine = postsByPerson_.find(person);
    if (mine == postsByPerson_.end()) return nullptr;
    const Post* first = nullptr;
    for (const std::uint32_t index : mine->second) {
        const Post& candidate = posts_[index];
        if (!holds(candidate, day)) continue;
        if (candidate.id == wanted) return &candidate;
        if (first == nullptr) first = &candidate;
    }
    return first;
}

RoleSet Directory::rolesOf(PersonId person, Day day) const {
    RoleSet roles;
    for (const Post* post : postsOf(person, day)) roles.addAll(post->roles);
    return roles;
}

}  // namespace yimen::identity
