#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/yaml.h"
#include "sync/mapping/coordinates.h"
#include "sync/mapping/dates.h"
#include "sync/mapping/decimal.h"
#include "sync/schema.h"

namespace yimen::sync::mapping {

enum class CheckKind { kNone, kIdCard, kCreditCode, kDivision, kPhone };
enum class MaskKind { kNone, kIdNumber, kPhone, kName, kKeyedHash };
enum class Personal { kNone, kName, kIdNumber, kPhone, kAddress, kSensitive };
enum class UnknownCode { kReject, kKeep, kNull };

/// Where the raw text of a field comes from. A field that names nothing is given by the script.
enum class Origin { kColumn, kConstant, kExpression, kSplit, kJoin, kScript };

struct CoordinateSpec {
    CoordinateKind kind = CoordinateKind::kCgcs2000;
    std::string partner;  ///< the field of the latitude; this one is the longitude
    LocalGrid grid;
    std::string whenField;  ///< only rows in which this field has the value `whenIs`, others are CGCS2000; empty: all
    std::string whenIs;
};

/// One entry of `fields:` (adapters/DATA.md) as values. A value; immutable once read.
struct FieldSpec {
    Field field;
    Origin origin = Origin::kScript;
    std::vector<std::string> columns;  ///< of the source: one, or several to join
    std::string text;                  ///< constant, expression, or what stands between the parts
    std::size_t part = 0;              ///< of a split, from 1
    bool trim = true;
    bool ascii = false;
    std::optional<std::string> fallback;
    std::vector<std::string> nulls;
    DateRule dates;
    std::string codeTable;
    UnknownCode unknownCode = UnknownCode::kReject;
    Scale scale;
    CheckKind check = CheckKind::kNone;
    MaskKind mask = MaskKind::kNone;
    Personal personal = Personal::kNone;
    std::optional<CoordinateSpec> coordinate;
    std::string where;  ///< file:line:column, for messages that come later
};

/// Reads `fields:`; notes every fault. `hasScript`: fields without a source of their own are the script's.
std::vector<FieldSpec> readFields(const config::YamlNode& fields, bool hasScript, config::YamlErrors& errors);

/// A plain number of a document as its exact text.
std::string numberText(const config::YamlNode& node, config::YamlErrors& errors);

}  // namespace yimen::sync::mapping
