#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "client.h"
#include "message.h"

namespace yimen::kafka {

/// What librdkafka is told of a consumer: committed records alone, no more memory than a batch or two.
Client::Options consumerOptions();
/// The offsets of the first record and behind the last committed one.
struct Span {
    std::int64_t low = 0;
    std::int64_t high = 0;
};
Span spanOf(Client& client, const std::string& topic, std::int32_t partition);

/// Where a reading begins and ends.
struct Stretch {
    std::int64_t from = 0;
    std::int64_t to = 0;                  ///< not read any more; fixed when the run began
    std::chrono::milliseconds follow{0};  ///< above 0: `to` does not count, it ends after so long
};

/// Reads one partition. One thread. The position is {"offset":"N"}: the next one to read.
class PartitionReader final : public sdk::Reader {
public:
    PartitionReader(const sdk::Host& host, std::unique_ptr<Client> client, std::shared_ptr<const MessageForm> form,
                    const std::string& topic, std::int32_t partition, const Stretch& stretch);
    PartitionReader(const PartitionReader&) = delete;
    PartitionReader& operator=(const PartitionReader&) = delete;
    ~PartitionReader() override;

    bool read(sdk::Batch& into, std::string& position) override;

private:
    struct DestroyMessage {
        void operator()(rd_kafka_message_t* message) const noexcept { rd_kafka_message_destroy(message); }
    };
    using Message = std::unique_ptr<rd_kafka_message_t, DestroyMessage>;

    bool follows() const noexcept { return stretch_.follow.count() > 0; }
    bool isOver() const noexcept;
    /// Waits a little for messages; false when there are none now.
    bool fetch(int waitMs);
    void take(const rd_kafka_message_t& message, sdk::Batch& into);

    sdk::Host host_;
    std::unique_ptr<Client> client_;
    std::shared_ptr<const MessageForm> form_;
    Topic topic_;
    std::int32_t partition_;
    Stretch stretch_;
    std::int64_t next_;
    std::deque<Message> waiting_;
    std::chrono::steady_clock::time_point began_;
    std::chrono::steady_clock::time_point heard_;
    bool atEnd_ = false;
};

}  // namespace yimen::kafka
