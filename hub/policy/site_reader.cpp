#include "policy/site_reader.h"

#include <algorithm>

#include "core/ascii.h"
#include "core/time_format.h"

namespace yimen::policy {
namespace {

using config::MapReader;
using config::YamlErrors;
using config::YamlNode;

/// "+08:00" -> 480.
int readOffset(MapReader& file, int fallback) {
    const std::string text = file.text("time_zone", "");
    if (text.empty()) return fallback;
    const bool form = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' &&
                      core::isDigit(text[1]) && core::isDigit(text[2]) && core::isDigit(text[4]) &&
                      core::isDigit(text[5]);
    if (!form) {
        file.complain("time_zone", "must be an offset such as \"+08:00\"");
        return fallback;
    }
    const int minutes = ((text[1] - '0') * 10 + (text[2] - '0')) * 60 + (text[4] - '0') * 10 + (text[5] - '0');
    return text[0] == '-' ? -minutes : minutes;
}

void readZone(const std::string& name, const YamlNode& node, RuleSet& site, YamlErrors& errors) {
    NetworkZones::Zone zone{name, wordingOf(name), {}};
    MapReader map(node, errors);
    if (const auto title = map.child("title")) zone.title = readWording(*title, errors);
    if (const auto ranges = map.require("ranges"); ranges && ranges->isList()) {
        for (std::size_t i = 0; i < ranges->size(); ++i) {
            const auto text = ranges->at(i).text();
            auto cidr = text.ok() ? core::Cidr::parse(*text) : core::Result<core::Cidr>(text.error());
            if (cidr.ok()) {
                zone.ranges.push_back(*cidr);
            } else {
                errors.add(text.ok() ? ranges->at(i).error(cidr.error().message) : cidr.error());
            }
        }
    }
    if (zone.ranges.empty()) map.complain("ranges", "a zone needs at least one range such as 10.0.0.0/8");
    if (site.zones.find(name) != nullptr) map.complain("", "the zone \"" + name + "\" is defined twice");
    map.finish();
    if (!zone.ranges.empty()) site.zones.zones.push_back(std::move(zone));
}

void readUnit(const std::string& name, const YamlNode& node, RuleSet& site, YamlErrors& errors) {
    MapReader map(node, errors);
    Unit unit{map.requireText("code"), wordingOf(name)};
    if (const auto title = map.child("title")) unit.title = readWording(*title, errors);
    map.finish();
    if (!site.units.emplace(name, std::move(unit)).second) errors.add(node.error("the unit is defined twice"));
}

void readException(const YamlNode& node, RuleSet& site, YamlErrors& errors) {
    Exception exception;
    MapReader map(node, errors);
    exception.where = node.where();
    exception.id = map.requireText("id");
    exception.person = map.requireText("person");
    exception.system = map.requireText("system");
    exception.reason = map.requireText("reason");
    const std::string until = map.requireText("until");
    const auto day = core::parseDate(until);
    if (day.ok()) {
        // The day itself still counts, in the time of the site.
        exception.until = *day + std::chrono::hours(24) - std::chrono::minutes(site.utcOffsetMinutes);
    } else if (!until.empty()) {
        map.complain("until", "must be a day such as \"2026-12-31\"");
    }
    map.finish();
    site.exceptions.push_back(std::move(exception));
}

template <typename Read>
void eachEntry(MapReader& file, const char* key, RuleSet& site, Read read) {
    const auto node = file.child(key);
    if (!node) return;
    if (!node->isMap()) file.complain(key, "must be a map of names");
    for (const auto& [name, value] : node->entries()) read(name, value, site, file.errors());
}

}  // namespace

Wording readWording(const YamlNode& node, YamlErrors& errors) {
    if (node.isScalar()) {
        auto text = node.text();
        if (text.ok()) return wordingOf(std::move(text).value());
        errors.add(text.error());
        return {};
    }
    MapReader map(node, errors);
    Wording wording{map.requireText("zh"), map.requireText("en")};
    map.finish();
    return wording;
}

void readSite(MapReader& file, RuleSet& site) {
    site.utcOffsetMinutes = readOffset(file, site.utcOffsetMinutes);
    eachEntry(file, "zones", site, readZone);
    eachEntry(file, "units", site, readUnit);
    eachEntry(file, "roles", site,
              [](const std::string& name, const YamlNode& node, RuleSet& into, YamlErrors& errors) {
                  if (!into.roles.emplace(name, readWording(node, errors)).second)
                      errors.add(node.error("the role is defined twice"));
              });
    for (const std::string& role : file.texts("administrators")) {
        if (!site.roles.contains(role)) file.complain("administrators", "unknown role \"" + role + "\"");
        site.administratorRoles.push_back(role);
    }
    site.exceptionsGrantedBy = file.text("exceptions_granted_by", site.exceptionsGrantedBy);
    const auto exceptions = file.child("exceptions");
    if (exceptions && !exceptions->isList()) file.complain("exceptions", "must be a list");
    if (!exceptions || !exceptions->isList()) return;
    for (std::size_t i = 0; i < exceptions->size(); ++i) readException(exceptions->at(i), site, file.errors());
}

}  // namespace yimen::policy
