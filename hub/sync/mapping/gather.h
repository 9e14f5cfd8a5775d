#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "sync/item_spec.h"
#include "sync/mapping/field_spec.h"
#include "sync/mapping/rows.h"
#include "sync/source.h"

namespace yimen::sync::mapping {

/// Takes the columns of a source apart into the columns of an item: from, constant, split, join; and reads the flag
/// that says a record is gone. Fields of an expression or a script stay null. One thread.
class Gather {
public:
    /// `fields` outlives it. kInvalidInput for a column that the source does not have.
    static core::Result<Gather> compile(const std::vector<FieldSpec>& fields, const DeleteRule& deletes,
                                        const std::vector<SourceField>& columns);
    void run(Block& block) const;

private:
    explicit Gather(const std::vector<FieldSpec>& fields) : fields_(&fields) {}
    void readFlag(Block& block) const;
    void fill(Block& block, std::size_t field) const;

    const std::vector<FieldSpec>* fields_;
    std::vector<std::vector<std::size_t>> columns_;  ///< of the source, by field
    std::optional<std::size_t> flag_;
    std::vector<std::string> flagValues_;
};

}  // namespace yimen::sync::mapping
