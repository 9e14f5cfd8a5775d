#include "store/sqlite/backends.h"
#include "store/sqlite/query.h"

namespace yimen::store::sqlite {

namespace {

using core::Result;
using core::Status;

using Number = Poco::Int64;
using Text = std::string;

/// Who stands where on a day.
struct Place {
    Day from = 0;
    Day to = 0;
    bool found = false;
};

Place placeOn(Poco::Data::Session& session, OrgId org, Day day) {
    Place place;
    Query(session, "SELECT valid_from, valid_to FROM placements WHERE org = ? AND valid_from <= ? AND valid_to >= ?")
        .bind(org)
        .bind(std::int64_t{day})
        .bind(std::int64_t{day})
        .each<Number, Number>([&](Number from, Number to) {
            place = Place{static_cast<Day>(from), static_cast<Day>(to), true};
        });
    return place;
}

void insertPlacement(Poco::Data::Session& session, const PlacementRecord& place) {
    Query(session, "INSERT INTO placements (org, parent, valid_from, valid_to) VALUES (?, nullif(?, 0), ?, ?)")
        .bind(place.org)
        .bind(place.parent)
        .bind(std::int64_t{place.validity.from})
        .bind(std::int64_t{place.validity.to})
        .run();
}

/// The places of a unit cover its time: the first one begins with it, the last one ends with it.
void fitPlacements(Poco::Data::Session& session, const OrganisationRecord& org) {
    const std::int64_t from = org.validity.from;
    const std::int64_t to = org.validity.to;
    Query(session,
          "DELETE FROM placements WHERE org = ? AND (valid_from > ? OR valid_to < ?) AND"
          " EXISTS (SELECT 1 FROM placements p WHERE p.org = placements.org AND p.valid_from <= ? AND p.valid_to >= ?)")
        .bind(org.id)
        .bind(to)
        .bind(from)
        .bind(to)
        .bind(from)
        .run();
    Query(session,
          "UPDATE placements SET valid_to = ? WHERE org = ? AND"
          " valid_to = (SELECT max(valid_to) FROM placements WHERE org = ?)")
        .bind(to)
        .bind(org.id)
        .bind(org.id)
        .run();
    Query(session,
          "UPDATE placements SET valid_from = ? WHERE org = ? AND"
          " valid_from = (SELECT min(valid_from) FROM placements WHERE org = ?)")
        .bind(from)
        .bind(org.id)
        .bind(org.id)
        .run();
}

class SqliteOrganisationStore final : public OrganisationStore {
public:
    explicit SqliteOrganisationStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

    Result<OrganisationRecord> create(const OrganisationRecord& org, OrgId parent) override {
        OrganisationRecord made = org;
        const Status done = database_->write("organisation.create", Durability::kDurable, [&](auto& session) {
            Query(session,
                  "INSERT INTO organisations (code, kind, name, name_en, valid_from, valid_to, tags, aliases)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")
                .bind(org.code)
                .bind(static_cast<std::int64_t>(org.kind))
                .bind(org.name)
                .bind(org.nameEn)
                .bind(std::int64_t{org.validity.from})
                .bind(std::int64_t{org.validity.to})
                .bind(org.tags)
                .bind(org.aliases)
                .template each<Number>([&](Number id) { made.id = id; });
            insertPlacement(session, {made.id, parent, org.validity});
            return Status{};
        });
        return resultOf(done, std::move(made));
    }

    Status update(const OrganisationRecord& org) override {
        return database_->write("organisation.update", Durability::kDurable, [&](auto& session) -> Status {
            const std::size_t changed =
                Query(session,
                      "UPDATE organisations SET code = ?, kind = ?, name = ?, name_en = ?, valid_from = ?,"
                      " valid_to = ?, tags = ?, aliases = ? WHERE id = ?")
                    .bind(org.code)
                    .bind(static_cast<std::int64_t>(org.kind))
                    .bind(org.name)
                    .bind(org.nameEn)
                    .bind(std::int64_t{org.validity.from})
                    .bind(std::int64_t{org.validity.to})
                    .bind(org.tags)
                    .bind(org.aliases)
                    .bind(org.id)
                    .run();
            if (changed != 1) return noSuchRow();
            fitPlacements(session, org);
            return {};
        });
    }

    Status move(OrgId org, OrgId parent, Day day) override {
        return database_->write("organisation.move", Durability::kDurable, [&](auto& session) -> Status {
            const Place place = placeOn(session, org, day);
            if (!place.found) return noSuchRow();
            if (place.from == day) {
                Query(session, "DELETE FROM placements WHERE org = ? AND valid_from = ?")
                    .bind(org)
                    .bind(std::int64_t{day})
                    .run();
            } else {
                Query(session, "UPDATE placements SET valid_to = ? WHERE org = ? AND valid_from = ?")
                    .bind(std::int64_t{day} - 1)
                    .bind(org)
                    .bind(std::int64_t{place.from})
                    .run();
            }
            insertPlacement(session, {org, parent, {day, place.to}});
            return {};
        });
    }

    Result<std::vector<OrganisationRecord>> all() override {
        std::vector<OrganisationRecord> found;
        const Status done = database_->read("organisation.all", [&](auto& session) {
            Query query(session,
                        "SELECT id, code, kind, name, name_en, valid_from, valid_to, tags, aliases"
                        " FROM organisations ORDER BY id");
            query.each<Number, Text, Number, Text, Text, Number, Number, Text, Text>(
                [&](Number id, Text& code, Number kind, Text& name, Text& nameEn, Number from, Number to, Text& tags,
                    Text& aliases) {
                    found.push_back({id,
                                     code,
                                     static_cast<OrgKind>(kind),
                                     name,
                                     nameEn,
                                     {static_cast<Day>(from), static_cast<Day>(to)},
                                     tags,
                                     aliases});
                });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

    Result<std::vector<PlacementRecord>> placements() override {
        std::vector<PlacementRecord> found;
        const Status done = database_->read("organisation.placements", [&](auto& session) {
            Query query(session,
                        "SELECT org, coalesce(parent, 0), valid_from, valid_to FROM placements"
                        " ORDER BY org, valid_from");
            query.each<Number, Number, Number, Number>([&](Number org, Number parent, Number from, Number to) {
                found.push_back({org, parent, {static_cast<Day>(from), static_cast<Day>(to)}});
            });
            return Status{};
        });
        return resultOf(done, std::move(found));
    }

private:
    std::shared_ptr<Database> database_;
};

}  // namespace

std::unique_ptr<OrganisationStore> makeOrganisationStore(std::shared_ptr<Database> database) {
    return std::make_unique<SqliteOrganisationStore>(std::move(database));
}

}  // namespace yimen::store::sqlite
