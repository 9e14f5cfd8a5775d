#pragma once

#include <string>
#include <vector>

namespace yimen::catalog {

/// The organisation tree as sharing sees it, today. Units are named by their codes. Implemented by admin over the
/// directory. Thread-safe.
class UnitTree {
public:
    virtual ~UnitTree() = default;
    virtual bool exists(const std::string& unit) const = 0;
    /// Codes, former codes included, of the unit and of every unit below it; empty when there is no such unit.
    virtual std::vector<std::string> codesUnder(const std::string& unit) const = 0;
    /// Code of the unit with this name; empty when none or several have it.
    virtual std::string unitNamed(const std::string& name) const = 0;
};

}  // namespace yimen::catalog
