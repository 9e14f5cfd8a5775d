#include <array>

#include "core/path.h"
#include "policy/matchers/matchers.h"
#include "policy/matchers/words.h"

namespace yimen::policy::matchers {
namespace {

constexpr std::size_t kMaxWidePath = 2048;  ///< a longer path with ";" tails counts as matching what takes away

/// The path of the request, canonical. `wide` reads it as any system behind may: without case, and with the ";x=1"
/// tails of segments left out, because servlet containers leave them out.
class PathIs final : public Condition {
public:
    PathIs(std::vector<std::string> patterns, bool wide) : patterns_(std::move(patterns)), wide_(wide) {}

    Truth holds(const Query& query) const noexcept override {
        const std::string_view path = query.resource.path;
        if (path.empty()) return Truth::kUnknown;
        if (matches(path)) return Truth::kYes;
        return truthOf(wide_ && path.find(';') != std::string_view::npos && matchesWithoutTails(path));
    }
    void unmet(const Query& query, bool wanted, std::vector<Unmet>& out) const override {
        std::vector<Wording> needed;
        for (const std::string& pattern : patterns_) needed.push_back(wordingOf(pattern));
        out.push_back({{"地址", "path"}, wordingOf(std::string(query.resource.path)), needOf(needed, wanted)});
    }
    void propose(const Query& query, bool wanted, std::vector<Change>& out) const override {
        if (!wanted) {
            request(query, "/", out);
            return;
        }
        for (const std::string& pattern : patterns_) request(query, example(pattern), out);
    }
    std::string fingerprint() const override { return fingerprintOf("path", patterns_); }

private:
    bool matches(std::string_view path) const noexcept {
        return std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
            const bool stars = pattern.find('*') != std::string::npos;
            return stars ? core::pathMatches(path, pattern, wide_) : core::pathIsUnder(path, pattern, wide_);
        });
    }
    bool matchesWithoutTails(std::string_view path) const noexcept {
        if (path.size() > kMaxWidePath) return true;
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): for every request; only what was written is read
        std::array<char, kMaxWidePath> buffer;
        std::size_t length = 0;
        bool inTail = false;
        for (const char c : path) {
            if (c == '/') inTail = false;
            if (c == ';') inTail = true;
            // "/;x/admin" is "//admin" without its tail, and "/admin" to a container.
            const bool repeated = c == '/' && length > 0 && buffer[length - 1] == '/';
            if (!inTail && !repeated) buffer[length++] = c;
        }
        return matches(std::string_view(buffer.data(), length));
    }
    /// A path the pattern fits: each star becomes an "x".
    static std::string example(const std::string& pattern) {
        std::string path;
        for (const char c : pattern) {
            if (c != '*') path += c;
            if (c == '*' && !path.ends_with('x')) path += 'x';
        }
        return path;
    }
    static void request(const Query& query, std::string path, std::vector<Change>& out) {
        Change change;
        change.kind = ChangeKind::kRequest;
        change.method = query.resource.method;
        change.words = {"改为访问 " + path, "ask for " + path};
        change.path = std::move(path);
        out.push_back(std::move(change));
    }

    std::vector<std::string> patterns_;
    bool wide_;
};

}  // namespace

ConditionPtr readPath(const config::YamlNode& node, ReadContext& context) {
    auto patterns = readWords(node, context);
    for (const std::string& pattern : patterns) {
        const auto canonical = core::canonicalPath(pattern);
        if (!canonical.ok() || *canonical != pattern) {
            context.errors.add(
                node.error("\"" + pattern + "\" is not a plain path: begin with '/', no '..', no '%2F', no '//'"));
        }
    }
    return patterns.empty() ? nullptr : std::make_unique<PathIs>(std::move(patterns), context.takesAway);
}

}  // namespace yimen::policy::matchers
