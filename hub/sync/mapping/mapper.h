#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/result.h"
#include "sync/batch.h"
#include "sync/dead_letter.h"
#include "sync/item_spec.h"
#include "sync/row_lookup.h"
#include "sync/source.h"

namespace yimen::sync {

/// How often a rule spoke in a batch, with up to ten samples (row origins).
struct RuleCount {
    std::string rule;
    std::string field;
    std::string severity;  ///< fix, warn, reject
    std::uint64_t count = 0;
    std::vector<std::uint64_t> samples;
};

/// What became of a batch of source rows: `rows` + `rejected` = the rows that came in (the script may also drop rows:
/// `dropped`, counted as deduped).
struct Mapped {
    Batch rows;                          ///< columns are the item's fields, in canonical text
    std::vector<std::uint32_t> sources;  ///< for each row of `rows`, the row it was made of
    std::vector<Reject> rejected;
    std::vector<std::uint32_t> refusedSources;  ///< the same for `rejected`
    std::uint64_t dropped = 0;
    std::vector<RuleCount> rules;

    void reset(std::size_t columns);
};

/// The mapping and the quality rules of one item, compiled for the columns a source has now. One thread (it holds a Lua
/// state); each pipeline has its own.
class Mapper {
public:
    virtual ~Mapper() = default;
    /// Errors are of the item, not of a row: a limit of the script, a rule of severity `stop`. kInvalidInput.
    virtual core::Status map(const Batch& in, Mapped& out) = 0;
};

/// What a mapper stands on; all of it outlives the mapper.
struct MapperServices {
    const core::Clock* clock = nullptr;
    /// HMAC-SM3 of a text in hex, for `mask: keyed_hash`; empty: such a mask is refused.
    std::function<std::string(std::string_view)> keyedHash;
    /// Null: `unique` looks at the read alone, and `reference` is refused.
    RowLookup* lookup = nullptr;
};

/// kInvalidInput with file:line:column: a column that the source does not have, a spelling that is none, ...
core::Result<std::unique_ptr<Mapper>> compileMapper(const ItemSpec& item, const std::vector<SourceField>& columns,
                                                    const MapperServices& services);
core::Result<std::unique_ptr<Mapper>> compileMapper(const ItemSpec& item, const std::vector<SourceField>& columns,
                                                    const core::Clock& clock);

}  // namespace yimen::sync
