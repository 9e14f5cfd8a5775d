#include "http/return_to.h"

#include <algorithm>

#include "core/path.h"

namespace yimen::http {
namespace {

core::Error refused(const char* why) {
    return core::makeError(core::ErrorCode::kInvalidInput, std::string("not a place to return to: ") + why);
}

/// Browsers drop tabs and line ends inside an address and read '\' as '/': nothing of the kind may come near one.
bool hasTrickCharacter(std::string_view target) {
    return std::any_of(target.begin(), target.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 || byte >= 0x7F || c == '\\' || c == '"' || c == '<' || c == '>' || c == '`';
    });
}

core::Result<std::string> acceptPath(std::string_view target) {
    const core::TargetParts parts = core::splitTarget(target);
    std::string buffer;
    const auto path = core::canonicalPath(parts.path, buffer);
    if (!path.ok()) return refused("the path is not plain");
    // Runs of '/' are made one above; "//host" must not become a path quietly, it was meant as a host.
    if (parts.path.starts_with("//")) return refused("it names another host");
    std::string out(*path);
    if (parts.hasQuery) out.append("?").append(parts.query);
    return out;
}

}  // namespace

core::Result<std::string> ReturnTargets::accept(std::string_view target) const {
    if (target.empty()) return refused("it is empty");
    if (target.size() > kMaxLength) return refused("it is too long");
    if (hasTrickCharacter(target)) return refused("it has characters an address cannot have");
    if (target.find('#') != std::string_view::npos) return refused("it has a fragment");
    if (target.front() == '/') return acceptPath(target);

    auto url = core::Url::parse(target);
    if (!url.ok()) return refused("it is not an address");
    if (url->scheme != hub_.scheme || url->port != hub_.port) return refused("other scheme or port");
    if (url->host == hub_.host) return acceptPath(url->target());
    if (!isAppHost_ || !isAppHost_(url->host)) return refused("it names another host");
    return url->text();
}

std::string ReturnTargets::acceptOr(std::string_view target, std::string_view fallback) const {
    auto accepted = accept(target);
    return accepted.ok() ? std::move(accepted).value() : std::string(fallback);
}

}  // namespace yimen::http
