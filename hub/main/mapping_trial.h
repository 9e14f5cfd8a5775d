#pragma once

#include <string>

#include "admin/mapping_desk.h"
#include "main/data_side.h"

namespace yimen::main {

/// The mapping of an item, and what a changed one would make of records that its source has now. Reads at most one
/// batch of the source and writes nothing. Any thread; blocks.
class MappingTrial final : public admin::MappingDesk {
public:
    explicit MappingTrial(DataSide& data) : data_(data) {}

    core::Result<admin::MappingText> mapping(const std::string& code) override;
    core::Result<admin::MappingPreview> preview(const std::string& code, const admin::MappingWish& wish) override;

private:
    DataSide& data_;
};

}  // namespace yimen::main
