#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "sync/mapping/mapper.h"

namespace yimen::sync {

/// What became of one field of a sample row. Values of personal fields are masked, in source and result.
struct PreviewCell {
    std::string field;
    std::string title;
    std::optional<std::string> source;  ///< the columns it is made of, " + " between several; nothing: null, or none
    std::optional<std::string> result;  ///< nothing: null, or the row was refused
    std::string rule;                   ///< of the fault in this field; empty: none
    std::string message;
};

struct PreviewRow {
    enum class State { kGood, kRejected, kDropped, kGone };
    std::uint64_t origin = 0;
    State state = State::kGood;
    std::vector<PreviewCell> cells;  ///< in the order of the fields
    std::string rule;                ///< why it was refused, when that is the fault of no single field
    std::string message;
    std::vector<RuleCount> rules;  ///< what quality rules said: fixes and warnings
};

/// Maps at most kMaxPreviewRows sample rows one by one, for the mapping editor and `yimen sync explain`. Any thread;
/// takes a few milliseconds. Errors as compileMapper and Mapper::map: the script's own errors stand in them.
inline constexpr std::size_t kMaxPreviewRows = 200;
core::Result<std::vector<PreviewRow>> previewMapping(const ItemSpec& item, const std::vector<SourceField>& columns,
                                                     const Batch& samples, const MapperServices& services);

}  // namespace yimen::sync
