#include "vault/envelope.h"

#include <charconv>

#include "crypto/aead.h"
#include "crypto/key_ring.h"

namespace yimen::vault {

using core::ErrorCode;
using core::makeError;
using core::Result;
using core::Secret;
using core::Status;

namespace {

constexpr std::string_view kPurpose = "vault";
constexpr auto kAlgorithm = crypto::AeadAlgorithm::kAes256Gcm;
constexpr std::size_t kLengthBytes = 4;

/// What is bound to a seal. No part can hold a zero byte, so no two different owners make the same text.
std::string boundTo(std::string_view part, const store::SecretRecord& record) {
    std::string text = "yimen.vault.";
    text += part;
    text += '\0';
    text += std::to_string(record.owner.person);
    text += '\0';
    text += record.owner.system;
    text += '\0';
    text += std::to_string(record.version);
    return text;
}

core::Error damaged(const store::SecretRecord& record, const char* part) {
    return makeError(
        ErrorCode::kCorrupt,
        "系统 " + record.owner.system + " 的账号数据已损坏，请重新关联 / the stored account is damaged; link it again",
        std::string(part) + " of person " + std::to_string(record.owner.person) + ", version " +
            std::to_string(record.version));
}

void appendText(std::string& out, std::string_view text) {
    for (std::size_t i = 0; i < kLengthBytes; ++i) out.push_back(static_cast<char>(text.size() >> (8 * i) & 0xffU));
    out += text;
}

/// Length and bytes of each name and value. Capacity first, so that growing leaves no copies behind.
Secret write(const Fields& fields) {
    std::string plain;
    std::size_t size = 0;
    for (const auto& [name, value] : fields) size += 2 * kLengthBytes + name.size() + value.size();
    plain.reserve(size);
    for (const auto& [name, value] : fields) {
        appendText(plain, name);
        appendText(plain, value.reveal());
    }
    return Secret(std::move(plain));
}

bool takeText(std::string_view& rest, std::string_view& out) {
    if (rest.size() < kLengthBytes) return false;
    std::size_t size = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
        size |= static_cast<std::size_t>(static_cast<unsigned char>(rest[i])) << (8 * i);
    }
    rest.remove_prefix(kLengthBytes);
    if (rest.size() < size) return false;
    out = rest.substr(0, size);
    rest.remove_prefix(size);
    return true;
}

bool read(const Secret& plain, Fields& fields) {
    std::string_view rest = plain.reveal();
    while (!rest.empty()) {
        std::string_view name;
        std::string_view value;
        if (!takeText(rest, name) || !takeText(rest, value)) return false;
        fields.emplace(name, Secret(std::string(value)));
    }
    return true;
}

Status wrap(store::SecretRecord& record, const crypto::Key& recordKey, const crypto::KeyRing& keys,
            core::Random& random) {
    const crypto::Key wrapping = keys.deriveActive(kPurpose);
    YIMEN_TRY(record.wrappedKey,
              crypto::seal(kAlgorithm, wrapping, recordKey.bytes(), core::asBytes(boundTo("key", record)), random));
    record.keyId = std::to_string(keys.activeId());
    return {};
}

Result<crypto::Key> unwrap(const store::SecretRecord& record, const crypto::KeyRing& keys) {
    std::uint32_t id = 0;
    const char* const end = record.keyId.data() + record.keyId.size();
    const auto [stop, problem] = std::from_chars(record.keyId.data(), end, id);
    if (problem != std::errc{} || stop != end) return damaged(record, "key id");
    const auto wrapping = keys.derive(id, kPurpose);
    if (!wrapping.ok()) return damaged(record, "key that the ring does not hold, or key id");
    const auto plain = crypto::open(*wrapping, record.wrappedKey, core::asBytes(boundTo("key", record)));
    if (!plain.ok()) return damaged(record, "wrapped key");
    const auto key = crypto::Key::fromBytes(core::asBytes(plain->reveal()));
    if (!key.ok()) return damaged(record, "record key");
    return *key;
}

}  // namespace

Status sealInto(store::SecretRecord& record, const Fields& fields, const crypto::KeyRing& keys, core::Random& random) {
    const crypto::Key recordKey = crypto::Key::generate(random);
    const Secret plain = write(fields);
    YIMEN_TRY(record.sealed, crypto::seal(kAlgorithm, recordKey, core::asBytes(plain.reveal()),
                                          core::asBytes(boundTo("fields", record)), random));
    return wrap(record, recordKey, keys, random);
}

Result<Fields> unseal(const store::SecretRecord& record, const crypto::KeyRing& keys) {
    YIMEN_TRY(const crypto::Key recordKey, unwrap(record, keys));
    const auto plain = crypto::open(recordKey, record.sealed, core::asBytes(boundTo("fields", record)));
    if (!plain.ok()) return damaged(record, "fields");
    Fields fields;
    if (!read(*plain, fields)) return damaged(record, "form of the fields");
    return fields;
}

Status rewrap(store::SecretRecord& record, const crypto::KeyRing& keys, core::Random& random) {
    YIMEN_TRY(const crypto::Key recordKey, unwrap(record, keys));
    return wrap(record, recordKey, keys, random);
}

}  // namespace yimen::vault
