#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "store/share_store.h"
#include "sync/target.h"

namespace yimen::catalog {

/// What is shown of a value.
enum class Mask {
    kPlain,
    kName,      ///< 张**
    kIdNumber,  ///< 210211********1234
    kPhone,     ///< 138****5678
    kAddress,   ///< up to the street or town, then stars
    kHash,      ///< HMAC-SM3, the same for the same value as long as the same unit asks
};
std::string_view toString(Mask mask) noexcept;
std::optional<Mask> maskOf(std::string_view word) noexcept;

/// A column that a contract gives.
struct SharedColumn {
    std::string field;
    Mask mask = Mask::kPlain;
    bool filter = false;                ///< callers may choose rows by it; only where they see it plain
    std::vector<std::string> plainFor;  ///< roles that see it without the mask
    bool operator==(const SharedColumn&) const = default;
};

/// Rows of one part of the district only: the field holds a code of the unit or of one below it.
struct SharedRows {
    std::string field;
    std::string unit;
    bool operator==(const SharedRows&) const = default;
};

/// What a contract allows, besides purpose and term. A value.
struct ShareTerms {
    std::vector<SharedColumn> columns;
    std::optional<SharedRows> rows;
    store::ShareQuota quota{1'000, 10'000};  ///< per day of the district
    std::vector<std::string> roles;          ///< of persons who may read; empty: consuming systems alone

    const SharedColumn* find(std::string_view field) const noexcept;
};

inline constexpr std::int64_t kMaxRowsPerDay = 100'000'000;
inline constexpr std::int64_t kMaxCallsPerDay = 10'000'000;

/// Strict: every fault of the JSON, a field that the item does not have, a mask on a field that is no text, in one
/// error.
core::Result<ShareTerms> readTerms(const core::Json& json, const sync::ItemTable& item);
core::Json termsJson(const ShareTerms& terms);

}  // namespace yimen::catalog
