#include "net/head.h"

#include <array>
#include <iterator>

#include "core/ascii.h"
#include "net/head_parser.h"

namespace yimen::net {
namespace {

const Field* findIn(std::span<const Field> fields, std::string_view name) noexcept {
    for (const Field& field : fields) {
        if (core::equalIgnoreCase(field.name, name)) return &field;
    }
    return nullptr;
}

const Field* findIn(std::span<const Field> fields, FieldId id) noexcept {
    for (const Field& field : fields) {
        if (field.id == id) return &field;
    }
    return nullptr;
}

std::size_t countIn(std::span<const Field> fields, std::string_view name) noexcept {
    std::size_t count = 0;
    for (const Field& field : fields) {
        if (core::equalIgnoreCase(field.name, name)) ++count;
    }
    return count;
}

struct Known {
    std::string_view name;
    FieldId id;
};

// Sorted by length, so that only names of the right length are compared.
constexpr Known kKnown[] = {
    {"TE", FieldId::kTe},
    {"Host", FieldId::kHost},
    {"Accept", FieldId::kAccept},
    {"Cookie", FieldId::kCookie},
    {"Expect", FieldId::kExpect},
    {"Origin", FieldId::kOrigin},
    {"Referer", FieldId::kReferer},
    {"Trailer", FieldId::kTrailer},
    {"Upgrade", FieldId::kUpgrade},
    {"Location", FieldId::kLocation},
    {"Forwarded", FieldId::kForwarded},
    {"Connection", FieldId::kConnection},
    {"Keep-Alive", FieldId::kKeepAlive},
    {"Set-Cookie", FieldId::kSetCookie},
    {"User-Agent", FieldId::kUserAgent},
    {"Content-Type", FieldId::kContentType},
    {"Authorization", FieldId::kAuthorization},
    {"If-None-Match", FieldId::kIfNoneMatch},
    {"Content-Length", FieldId::kContentLength},
    {"Accept-Encoding", FieldId::kAcceptEncoding},
    {"X-Forwarded-For", FieldId::kXForwardedFor},
    {"Content-Encoding", FieldId::kContentEncoding},
    {"Proxy-Connection", FieldId::kProxyConnection},
    {"WWW-Authenticate", FieldId::kWwwAuthenticate},
    {"X-Requested-With", FieldId::kXRequestedWith},
    {"Transfer-Encoding", FieldId::kTransferEncoding},
    {"X-Forwarded-Proto", FieldId::kXForwardedProto},
};
constexpr std::size_t kLongestKnown = 17;

constexpr auto makeLengthIndex() {
    std::array<std::uint8_t, kLongestKnown + 2> index{};
    std::size_t at = 0;
    for (std::size_t length = 0; length < index.size(); ++length) {
        while (at < std::size(kKnown) && kKnown[at].name.size() < length) ++at;
        index[length] = static_cast<std::uint8_t>(at);
    }
    return index;
}
constexpr auto kLengthIndex = makeLengthIndex();

}  // namespace

FieldId identifyField(std::string_view name) noexcept {
    if (name.size() > kLongestKnown) return FieldId::kOther;
    for (std::size_t i = kLengthIndex[name.size()]; i < kLengthIndex[name.size() + 1]; ++i) {
        if (core::equalIgnoreCase(kKnown[i].name, name)) return kKnown[i].id;
    }
    return FieldId::kOther;
}

const Field* RequestHead::find(std::string_view name) const noexcept {
    return findIn(fields, name);
}
const Field* RequestHead::find(FieldId id) const noexcept {
    return findIn(fields, id);
}
std::size_t RequestHead::count(std::string_view name) const noexcept {
    return countIn(fields, name);
}
const Field* ResponseHead::find(std::string_view name) const noexcept {
    return findIn(fields, name);
}
const Field* ResponseHead::find(FieldId id) const noexcept {
    return findIn(fields, id);
}
std::size_t ResponseHead::count(std::string_view name) const noexcept {
    return countIn(fields, name);
}

}  // namespace yimen::net
