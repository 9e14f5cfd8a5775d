#pragma once

#include <string>
#include <string_view>

#include "sync/mapping/field_spec.h"

namespace yimen::sync::mapping {

/// What is wrong with a cell and what to do, Chinese first. `kind` says it without the value.
struct FaultText {
    std::string_view rule;
    std::string_view zh;
    std::string_view en;
};

/// "身份证号: 校验位不对…(值「12」) / id_no: ... (value '12')". The value stands in it only when the field is not
/// personal.
std::string faultMessage(const FieldSpec& spec, const FaultText& text, std::string_view value);

}  // namespace yimen::sync::mapping
