#include "gateway/url_rewriter.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/url.h"

namespace yimen::gateway {

namespace {

std::string replaceAll(std::string_view text, std::string_view what, std::string_view with) {
    std::string out;
    std::size_t start = 0;
    for (;;) {
        const auto at = text.find(what, start);
        out += text.substr(start, at - start);
        if (at == std::string_view::npos) return out;
        out += with;
        start = at + what.size();
    }
}

/// "http://h:1" must not match inside "http://h:18" or "http://h:1.example": what follows an origin ends it.
bool endsHost(char next) {
    return !core::isAlpha(next) && !core::isDigit(next) && next != '-' && next != '.' && next != ':' && next != '_' &&
           next != '@';
}

bool isWordByte(char c) {
    return core::isAlpha(c) || core::isDigit(c) || c == ':';
}

}  // namespace

UrlMap::UrlMap(const std::vector<OriginMapping>& mappings) : mappings_(mappings) {
    for (const auto& mapping : mappings_) {
        const auto& from = mapping.systemOrigin;
        const auto& to = mapping.publicOrigin;
        add(from, to);
        add(replaceAll(from, "/", "\\/"), replaceAll(to, "/", "\\/"));
        add(core::percentEncode(from), core::percentEncode(to));
        add(from.substr(from.find("//")), to.substr(to.find("//")));
    }
}

void UrlMap::add(std::string from, std::string to) {
    longest_ = std::max(longest_, from.size());
    pairs_.push_back({std::move(from), std::move(to)});
}

std::string UrlMap::mapUrl(std::string_view url) const {
    for (const auto& mapping : mappings_) {
        if (!url.starts_with(mapping.systemOrigin)) continue;
        const auto rest = url.substr(mapping.systemOrigin.size());
        if (rest.empty() || endsHost(rest.front())) return mapping.publicOrigin + std::string(rest);
    }
    return {};
}

void UrlRewriter::write(std::string_view in, std::string& out) {
    kept_ += in;
    drain(out, false);
}

void UrlRewriter::finish(std::string& out) {
    drain(out, true);
}

void UrlRewriter::drain(std::string& out, bool final) {
    // One byte more than the longest pattern must be in hand to see what follows the origin.
    const std::size_t need = map_.longest() + 1;
    std::size_t at = 0;
    std::size_t copied = 0;
    const std::string_view text = kept_;
    while (at < text.size() && (final || text.size() - at >= need)) {
        const char c = text[at];
        if (c != 'h' && c != '/') {
            ++at;
            continue;
        }
        const auto rest = text.substr(at);
        const auto hit = std::find_if(map_.pairs().begin(), map_.pairs().end(), [&](const UrlMap::Pair& pair) {
            if (!rest.starts_with(pair.from)) return false;
            return rest.size() == pair.from.size() || endsHost(rest[pair.from.size()]);
        });
        // A bare "//host" after a letter or ':' belongs to an address of another scheme and is left alone.
        const bool inside = c == '/' && isWordByte(at > 0 ? text[at - 1] : last_);
        if (hit == map_.pairs().end() || inside) {
            ++at;
            continue;
        }
        out += text.substr(copied, at - copied);
        out += hit->to;
        at += hit->from.size();
        copied = at;
    }
    out += text.substr(copied, at - copied);
    if (at > 0) last_ = text[at - 1];
    kept_.erase(0, at);
}

}  // namespace yimen::gateway
