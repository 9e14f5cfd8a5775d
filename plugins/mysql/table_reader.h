#pragma once

#include <memory>
#include <string>
#include <vector>
#include <yimen/table_read.hpp>

#include "connection.h"
#include "rows.h"

namespace yimen::mysql {

/// Rows of one statement over a connection of its own, in the transaction that was begun there.
class TableReader final : public sdk::Reader {
public:
    /// `cursor`: columns that the position is made of; empty: it cannot be resumed.
    TableReader(const sdk::Host& host, std::unique_ptr<Connection> connection, const std::vector<std::string>& cursor,
                const sdk::Statement& statement);

    bool read(sdk::Batch& into, std::string& position) override;

private:
    const sdk::Host host_;
    const std::unique_ptr<Connection> connection_;
    std::unique_ptr<Rows> rows_;
    std::vector<std::size_t> cursor_;
    std::uint64_t count_ = 0;
};

}  // namespace yimen::mysql
