#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/ip_address.h"

namespace yimen::policy {

/// One current post of a person. Posts outside their dates are left out by whoever builds the Subject.
struct Post {
    std::int64_t id = 0;
    std::vector<std::string> orgPath;  ///< codes: the unit itself first, then each unit above it up to the root
    std::string title;
    std::vector<std::string> roles;  ///< roles that come with this post
    std::string orgName{};           ///< of the unit itself, for explanations; may be empty
};

/// Who asks. Built once per session and kept; a value, any thread.
struct Subject {
    static constexpr std::size_t kNoPost = static_cast<std::size_t>(-1);

    std::string username;
    std::vector<std::string> roles;    ///< held in person, besides those of the posts
    std::vector<Post> posts;           ///< all current ones: rights are their union (one person, several posts)
    std::size_t actingPost = kNoPost;  ///< index into posts
    int assurance = 1;                 ///< 1 password, 2 second factor, 3 cryptographic second factor
    std::string name{};                ///< for people; rules do not look at it
    core::WallTime provedAt{};         ///< when the person last proved it; the epoch: not known

    /// In person or through any post.
    bool hasRole(std::string_view role) const noexcept;
};

/// What is asked for. Views: the texts must outlive the call.
struct Resource {
    std::string_view system;  ///< id of the adapter; PolicySystems knows category and level
    std::string_view method;  ///< "GET"; empty: not known yet
    std::string_view path;    ///< canonical (core::canonicalPath); empty: not known yet
};

/// Where and when. The network zone follows from the address by the rule set's zones.
struct Environment {
    core::WallTime time;
    core::IpAddress client;
};

/// The hub itself as a system, for its own administration.
inline constexpr std::string_view kHubSystem = "yimen";

/// What the rules know of a system.
struct SystemInfo {
    std::string id;
    std::string category;
    std::string level;  ///< national, province, city, district
};

}  // namespace yimen::policy
