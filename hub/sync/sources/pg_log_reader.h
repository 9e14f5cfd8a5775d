#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.h"
#include "sync/source.h"
#include "sync/sources/pg_replication.h"

namespace yimen::sync {

/// Where following a log stands. In JSON: {"lsn":"16/B374D848","system":"7..","loaded":"..","load":".."}.
struct PgLogPosition {
    Lsn lsn = 0;                   ///< every transaction committed before it is in the target
    std::string system;            ///< the server's identifier: another server's places mean nothing
    Lsn loaded = 0;                ///< the last complete read saw what was committed before it
    std::optional<Position> load;  ///< a complete read is under way and stands there

    /// kCorrupt for what is none; the empty text is the beginning.
    static core::Result<PgLogPosition> parse(const Position& text);
    Position text() const;
};

/// Changes of one table out of a slot's messages. One thread, as every Reader.
class PgLogReader final : public Reader {
public:
    struct Plan {
        std::string table;                    ///< "schema.table" as the log calls it
        std::vector<std::string> columns;     ///< in the order of the cells
        std::vector<std::string> key;         ///< columns that tell records apart
        Lsn upTo = 0;                         ///< a read that does not follow ends there
        std::chrono::milliseconds follow{0};  ///< 0: it does not
    };
    /// `rows` reads what the log leaves out. `clock` outlives the reader.
    PgLogReader(PgReplication stream, PgConnection rows, Plan plan, PgLogPosition at, const core::Clock& clock)
        : stream_(std::move(stream)),
          rows_(std::move(rows)),
          plan_(std::move(plan)),
          at_(std::move(at)),
          clock_(clock),
          began_(clock.mono()) {}

    core::Result<ReadState> read(Batch& into) override;
    core::Status confirm(const Position& position) override;

private:
    /// Of the table, as the changes that follow describe it.
    struct Layout {
        std::vector<std::optional<std::size_t>> columns;  ///< of the batch, by number in the log
        std::vector<std::size_t> key;                     ///< numbers in the log
        std::vector<std::string> keyNames;                ///< quoted
        std::vector<std::size_t> absent;                  ///< of the batch: the log does not hold them
    };
    bool isDue(const Batch& into) const;
    bool hasEnded() const;
    core::Status apply(Batch& into);
    core::Status upsert(Batch& into);
    core::Status remove(Batch& into);
    core::Status complete(Batch& into, std::size_t row, const std::vector<std::size_t>& missing, bool& there);
    bool keyChanged() const;
    core::Status layOut(const PgRelation& relation);
    core::Status known(std::size_t cells) const;

    PgReplication stream_;
    PgConnection rows_;
    const Plan plan_;
    PgLogPosition at_;
    const core::Clock& clock_;
    const core::MonoTime began_;
    core::MonoTime callBegan_{};
    core::MonoTime firstRow_{};
    PgChange change_;
    std::optional<Layout> layout_;
    std::optional<std::uint32_t> relation_;
    std::optional<Lsn> transaction_;  ///< where its commit stands
    std::uint64_t origin_ = 0;
};

}  // namespace yimen::sync
