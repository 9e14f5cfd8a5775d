#include "net/forwarded.h"

#include <optional>

#include "core/ascii.h"

namespace yimen::net {
namespace {

/// "10.1.2.3", "10.1.2.3:4711", "2001:db8::1", "[2001:db8::1]:4711"
std::optional<Address> readAddress(std::string_view text) {
    if (text.starts_with('[')) {
        text = text.substr(1, text.find(']') - 1);
    } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos && text.rfind(':') == colon) {
        text = text.substr(0, colon);
    }
    core::Result<Address> address = Address::parse(text);
    if (!address.ok()) return std::nullopt;
    return *address;
}

/// True when the search is over.
bool walkList(std::string_view list, std::span<const core::Cidr> trusted, Address& client) {
    while (true) {
        const std::size_t comma = list.rfind(',');
        const std::string_view last = core::trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
        const std::optional<Address> address = readAddress(last);
        if (!address) return true;
        client = *address;
        if (!anyContains(trusted, address->ip)) return true;
        if (comma == std::string_view::npos) return false;
        list = list.substr(0, comma);
    }
}

}  // namespace

void applyForwardedFields(const RequestHead& head, std::span<const core::Cidr> trusted, Peer& peer) {
    for (std::size_t i = head.fields.size(); i > 0; --i) {
        const Field& field = head.fields[i - 1];
        if (field.id == FieldId::kXForwardedFor && walkList(field.value, trusted, peer.client)) break;
    }
    // Several values mean several opinions; then the connection's own state counts.
    if (head.count("X-Forwarded-Proto") != 1) return;
    if (core::equalIgnoreCase(head.find(FieldId::kXForwardedProto)->value, "https")) peer.secure = true;
}

}  // namespace yimen::net
