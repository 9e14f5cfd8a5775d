#pragma once

#include <string>
#include <vector>

#include "store/types.h"

namespace yimen::store {

enum class OrgKind { kDistrict, kDepartment, kStreet, kCommunity, kGrid };

/// A unit of the administration. Its place in the tree is a dated PlacementRecord, so that a move keeps history.
struct OrganisationRecord {
    OrgId id = 0;
    std::string code;  ///< unique, the site's own code
    OrgKind kind = OrgKind::kDepartment;
    std::string name;
    std::string nameEn;
    Validity validity;
    std::string tags;     ///< lines of business, separated by ';'
    std::string aliases;  ///< former codes, separated by ';'
};

/// Where a unit stood or stands. The validities of one unit never overlap.
struct PlacementRecord {
    OrgId org = 0;
    OrgId parent = 0;  ///< 0: a root
    Validity validity;
};

/// The organisation tree. Thread-safe, blocking. Errors as PersonStore.
class OrganisationStore {
public:
    virtual ~OrganisationStore() = default;
    /// Creates the unit under `parent` (0: a root) for the time of its own validity. Durable.
    virtual core::Result<OrganisationRecord> create(const OrganisationRecord& org, OrgId parent) = 0;
    /// Replaces everything but the place; the first and last place follow the validity. Durable.
    virtual core::Status update(const OrganisationRecord& org) = 0;
    /// From `day` on the unit stands under `parent`; the former place ends the day before. Durable.
    virtual core::Status move(OrgId org, OrgId parent, Day day) = 0;
    virtual core::Result<std::vector<OrganisationRecord>> all() = 0;
    virtual core::Result<std::vector<PlacementRecord>> placements() = 0;
};

}  // namespace yimen::store
