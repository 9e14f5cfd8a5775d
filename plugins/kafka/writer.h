#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "client.h"
#include "record.h"

namespace yimen::kafka {

/// Where a writing goes, and under which name it stands in Kafka.
struct WriterNames {
    std::string topic;
    std::string writer;  ///< transactional id, and the consumer group that holds the position
    bool transactions = true;
};

/// Writes one item. With transactions, one for each commit: the records, and the position as the metadata of an offset
/// of the group, appear together or not at all; whoever begins later under the same name ends this one (kConflict).
/// Without: the records are acknowledged by all replicas before the position is kept, so what was sent since the last
/// commit may come twice, with the same key and yimen.id. After a failure a writer is of no use: begin another one. One
/// thread.
class TopicWriter final : public sdk::Writer {
public:
    /// Kafka keeps at most 4096 bytes beside an offset (offset.metadata.max.bytes).
    static constexpr std::size_t kMaxPosition = 4000;

    /// Fences whoever wrote under this name before, then reads the position.
    TopicWriter(const sdk::Host& host, const sdk::Config& config, RecordForm form, WriterNames names);
    TopicWriter(const TopicWriter&) = delete;
    TopicWriter& operator=(const TopicWriter&) = delete;
    ~TopicWriter() override;

    const std::string& position() const noexcept { return position_; }
    void write(const sdk::Rows& rows) override;
    void commit(std::string_view position) override;

private:
    using Offsets = std::unique_ptr<rd_kafka_topic_partition_list_t, void (*)(rd_kafka_topic_partition_list_t*)>;

    void readPosition();
    Offsets offsets() const;
    void beginTransaction();
    void produce(const sdk::Rows& rows, std::size_t row);
    void commitTransaction(const Offsets& offsets);
    void commitPlain(const Offsets& offsets);
    void waitForDelivery();
    /// Carries out a step of a transaction, again where that helps; what cannot be mended ends the transaction.
    void carryOut(const char* what, const std::function<rd_kafka_error_t*(int)>& step);
    void mustWork() const;
    static void onDelivery(rd_kafka_t* handle, const rd_kafka_message_t* message, void* self);

    sdk::Host host_;
    RecordForm form_;
    WriterNames names_;
    std::unique_ptr<Client> producer_;
    std::unique_ptr<Client> keeper_;  ///< reads the position, and keeps it where there are no transactions
    std::string position_;
    std::int64_t sequence_ = 0;  ///< how many commits there were: the offset beside the position
    bool open_ = false;          ///< a transaction is
    bool broken_ = false;
    rd_kafka_resp_err_t refused_ = RD_KAFKA_RESP_ERR_NO_ERROR;  ///< of a record that did not arrive
};

}  // namespace yimen::kafka
