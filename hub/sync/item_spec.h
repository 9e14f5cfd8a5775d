#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "config/yaml.h"
#include "core/result.h"
#include "sync/target.h"

namespace yimen::sync {

/// How the hub learns that a record is gone at its source.
struct DeleteRule {
    enum class How { kNone, kFlag, kAbsent, kFeed };
    How how = How::kNone;
    std::string field;                ///< column of the source that carries the flag
    std::vector<std::string> values;  ///< texts that mean gone; empty with kFlag: any value that is not null
    bool absentToo = false;           ///< with kFlag: what a complete read does not see is gone as well
    bool comparesAll() const noexcept { return how == How::kAbsent || absentToo; }
};

/// What to do with a column that the source did not have before.
enum class Contract { kEvolve, kPark, kFreeze, kDiscard };

/// When an item runs by itself.
struct Schedule {
    std::chrono::milliseconds every{0};      ///< 0: by cron, or by hand alone when that is empty too
    std::string cron;                        ///< five fields, local time of the district
    bool workingDays = false;                ///< only on working days of the district's calendar
    std::chrono::milliseconds fullEvery{0};  ///< an incremental item is read completely this often; 0: never
};

/// One item of a data.yaml (adapters/DATA.md), with the parts that others read kept as nodes of the document.
/// A value; immutable once read; any thread.
struct ItemSpec {
    ItemTable table;
    std::string titleEn;
    DeleteRule deletes;
    RemovalGuard guard;
    Schedule schedule;
    Contract contract = Contract::kEvolve;
    std::string script;       ///< Lua source; empty: none
    std::string scriptName;   ///< for messages: "adapters/qu-grid/map.lua"
    std::string mapVersion;   ///< changes whenever fields, script, quality or codes change
    config::YamlNode read;    ///< for the source
    config::YamlNode fields;  ///< for the mapping
    std::optional<config::YamlNode> quality;
    std::optional<config::YamlNode> codes;  ///< of the system
};

/// A data.yaml.
struct SystemData {
    std::string system;
    std::string sourceKind;
    config::YamlNode source;
    std::vector<ItemSpec> items;
};

/// How an item is supplied, for as long as somebody holds it: definitions are replaced while the hub runs.
using ItemSpecPtr = std::shared_ptr<const ItemSpec>;

/// Reads `folder`/data.yaml and the scripts it names. The error lists every fault with file:line:column.
core::Result<SystemData> readSystemData(const std::string& folder);
/// The same of a text in place of the file; scripts are still those of the folder.
core::Result<SystemData> parseSystemData(std::string_view text, const std::string& folder);

}  // namespace yimen::sync
