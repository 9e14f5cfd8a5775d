#pragma once

#include <string>
#include <string_view>

#include "catalog/share_terms.h"
#include "crypto/key.h"

namespace yimen::catalog {

/// What may be shown of values, and names for rows that say nothing about them. `scope` separates hashes: the same
/// value has another hash in another scope. Immutable, any thread.
class ShareMasks {
public:
    explicit ShareMasks(const crypto::Key& key) : key_(key) {}

    std::string masked(Mask mask, std::string_view value, std::string_view scope) const;
    /// 32 hexadecimal digits, the same for the same row of the same scope.
    std::string rowName(const std::vector<std::string>& keyCells, std::string_view scope) const;

private:
    std::string keyedHash(std::string_view text, std::string_view scope) const;

    crypto::Key key_;
};

}  // namespace yimen::catalog
