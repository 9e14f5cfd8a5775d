#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/secret.h"
#include "crypto/key_ring.h"

/// The written forms of a key ring. Inner part of this folder. Errors never quote the text: it is secret.
namespace yimen::crypto {

/// The file form, with its check line; kCorrupt when a bit differs.
core::Result<std::vector<KeyRing::Entry>> readKeyRing(std::string_view text);
std::string writeKeyRing(const std::vector<KeyRing::Entry>& entries);
/// The environment form "1:<64 hex>,2:<64 hex>".
core::Result<std::vector<KeyRing::Entry>> readKeyList(std::string_view value);

core::Result<core::Secret> readSecretFile(const std::string& path, std::size_t maxBytes);
Key deriveKey(const Key& master, std::string_view purpose);

}  // namespace yimen::crypto
