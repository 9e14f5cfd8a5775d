#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace yimen::gateway {

/// One origin of a system and the public origin that stands for it, both "scheme://host[:port]".
struct OriginMapping {
    std::string systemOrigin;
    std::string publicOrigin;
};

/// The pairs of texts to replace in bodies, in every spelling pages use: "http://h:1", "http:\/\/h:1" (JSON),
/// "http%3A%2F%2Fh%3A1" (in a query), "//h:1" (no scheme). Immutable; any thread; shared by all requests of a system.
class UrlMap {
public:
    explicit UrlMap(const std::vector<OriginMapping>& mappings);

    struct Pair {
        std::string from;
        std::string to;
    };
    const std::vector<Pair>& pairs() const noexcept { return pairs_; }
    std::size_t longest() const noexcept { return longest_; }
    bool empty() const noexcept { return pairs_.empty(); }

    /// The whole value when it begins with a known origin ("Location"), else empty.
    std::string mapUrl(std::string_view url) const;

private:
    void add(std::string from, std::string to);

    std::vector<Pair> pairs_;
    std::vector<OriginMapping> mappings_;
    std::size_t longest_ = 0;
};

/// Replaces the origins of a streamed body. Works on bytes: the patterns are ASCII, and every charset the hub relays
/// keeps ASCII as it is. Keeps back at most the longest pattern less one byte between calls. Loop thread.
class UrlRewriter {
public:
    explicit UrlRewriter(const UrlMap& map) : map_(map) {}

    void write(std::string_view in, std::string& out);
    void finish(std::string& out);

private:
    void drain(std::string& out, bool final);

    const UrlMap& map_;
    std::string kept_;
    char last_ = ' ';  ///< the byte before kept_, to tell "//host" from "ftp://host"
};

}  // namespace yimen::gateway
