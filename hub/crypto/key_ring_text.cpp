#include "crypto/key_ring_text.h"

#include <charconv>

#include "core/file.h"
#include "crypto/digest.h"

namespace yimen::crypto {

namespace {

using Entries = std::vector<KeyRing::Entry>;

constexpr std::string_view kHeader = "yimen-keys 1\n";
constexpr std::string_view kCheck = "check ";

core::Error malformed(std::string_view what) {
    return core::makeError(core::ErrorCode::kCorrupt,
                           "the key file is damaged (" + std::string(what) + "): restore it from its backup");
}

/// The part before `end`; takes it and `end` off the front. Everything when `end` does not occur.
std::string_view takeUntil(std::string_view& text, char end) {
    const auto at = text.find(end);
    const auto part = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
    return part;
}

core::Result<std::uint32_t> readId(std::string_view text) {
    std::uint32_t id = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failure != std::errc{} || rest != text.data() + text.size() || id == 0) {
        return malformed("a key id is not a number from 1");
    }
    return id;
}

core::Result<Key> readKey(std::string_view hex) {
    auto bytes = core::fromHex(hex);
    if (!bytes.ok()) return malformed("a key is not hexadecimal");
    auto key = Key::fromBytes(*bytes);
    wipe(*bytes);
    if (!key.ok()) return malformed("a key has not 64 hexadecimal digits");
    return key;
}

core::Status add(Entries& entries, KeyRing::Entry entry) {
    if (!entries.empty() && entries.back().id >= entry.id) return malformed("key ids must ascend");
    if (entries.size() >= KeyRing::kMaxKeys) return malformed("more than 64 keys");
    entries.push_back(std::move(entry));
    return {};
}

core::Result<KeyRing::Entry> readLine(std::string_view line) {
    if (takeUntil(line, ' ') != "key") return malformed("unknown line");
    YIMEN_TRY(const auto id, readId(takeUntil(line, ' ')));
    const auto created = takeUntil(line, ' ');
    YIMEN_TRY(const Key key, readKey(line));
    return KeyRing::Entry{id, std::string(created), key};
}

std::string checkOf(std::string_view body) {
    return core::toHex(digest(DigestAlgorithm::kSm3, core::asBytes(body)));
}

}  // namespace

core::Result<Entries> readKeyRing(std::string_view text) {
    if (!text.starts_with(kHeader)) return malformed("its first line is not 'yimen-keys 1'");
    const auto checkAt = text.rfind(std::string("\n") + std::string(kCheck));
    if (checkAt == std::string_view::npos) return malformed("no check line");
    const auto body = text.substr(0, checkAt + 1);
    if (text.substr(checkAt + 1 + kCheck.size()) != checkOf(body) + "\n") return malformed("the check does not fit");
    Entries entries;
    auto rest = body.substr(kHeader.size());
    while (!rest.empty()) {
        YIMEN_TRY(auto entry, readLine(takeUntil(rest, '\n')));
        YIMEN_TRY_STATUS(add(entries, std::move(entry)));
    }
    if (entries.empty()) return malformed("no key");
    return entries;
}

std::string writeKeyRing(const Entries& entries) {
    std::string text;
    text.reserve(kHeader.size() + entries.size() * 128 + 128);  // no reallocation leaves a copy of a key behind
    text += kHeader;
    for (const auto& entry : entries) {
        std::string hex = core::toHex(entry.key.bytes());
        text += "key " + std::to_string(entry.id) + " " + entry.created + " ";
        text += hex;
        text += '\n';
        core::wipeText(hex);
    }
    const std::string check = checkOf(text);
    text += kCheck;
    text += check;
    text += '\n';
    return text;
}

core::Result<Entries> readKeyList(std::string_view value) {
    Entries entries;
    while (!value.empty()) {
        auto part = takeUntil(value, ',');
        YIMEN_TRY(const auto id, readId(takeUntil(part, ':')));
        YIMEN_TRY(const Key key, readKey(part));
        YIMEN_TRY_STATUS(add(entries, {id, "environment", key}));
    }
    if (entries.empty()) return malformed("no key");
    return entries;
}

core::Result<core::Secret> readSecretFile(const std::string& path, std::size_t maxBytes) {
    YIMEN_TRY(std::string text, core::readFile(path, maxBytes));
    return core::Secret(std::move(text));
}

Key deriveKey(const Key& master, std::string_view purpose) {
    core::Bytes bytes =
        hkdf(DigestAlgorithm::kSha256, {master.bytes(), core::asBytes("yimen key ring 1"), purpose}, Key::kSize);
    Key key = Key::fromBytes(bytes).value();
    wipe(bytes);
    return key;
}

}  // namespace yimen::crypto
