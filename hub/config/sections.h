#pragma once

#include <string>

#include "config/snapshot.h"
#include "config/yaml.h"

/// One reader per section of the file. Each takes the section's node (or nothing), fills its struct and finishes its
/// map. Inner part of this folder.
namespace yimen::config::sections {

void read(MapReader& parent, std::string_view key, Limits& out);
void read(MapReader& parent, std::string_view key, Pools& out);
void read(MapReader& parent, std::string_view key, Sessions& out);
void read(MapReader& parent, std::string_view key, Passwords& out);
void read(MapReader& parent, std::string_view key, SecondFactor& out);
void read(MapReader& parent, std::string_view key, Throttle& out);
void read(MapReader& parent, std::string_view key, Audit& out);
void read(MapReader& parent, std::string_view key, District& out);
void read(MapReader& parent, std::string_view key, Metrics& out);
void readLog(MapReader& parent, Log& out, const std::string& base);
void readSync(MapReader& parent, Sync& out, const std::string& base);
void readServer(MapReader& parent, Server& out, const std::string& base);
void readSystems(MapReader& parent, std::map<std::string, System>& out, const std::string& base);
void readPlugins(MapReader& parent, Plugins& out, const std::string& base);
void readZones(MapReader& parent, std::map<std::string, std::vector<std::string>>& out);

}  // namespace yimen::config::sections
