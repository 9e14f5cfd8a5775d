#include "sync/targets/postgres/copy_rows.h"

#include "sync/targets/postgres/connection.h"
#include "unit/sync/targets/backends.h"

namespace yimen::sync::postgres {
namespace {

TEST(CopyRows, WritesNumericsThatTheServerReadsBackAsTheyWere) {
    const auto session = valueOf(Connection::open(core::Secret(test::PostgresServer::shared().conninfo())));
    ASSERT_TRUE(session->run("CREATE TEMP TABLE n (row serial, v numeric)").ok());
    const std::vector<std::string> values{"0",
                                          "0.0",
                                          "1",
                                          "-1",
                                          "9999",
                                          "10000",
                                          "10001",
                                          "100000000",
                                          "0.0001",
                                          "0.00001",
                                          "-0.10",
                                          "12345.6789",
                                          "1234567.1",
                                          "100000000.00000001",
                                          std::string(500, '9') + "." + std::string(400, '7')};
    Batch batch;
    batch.reset(1);
    CopyRows copy;
    copy.begin();
    for (const std::string& value : values) {
        const std::size_t row = batch.addRow(Op::kUpsert, 0);
        ASSERT_TRUE(batch.set(row, 0, value));
        copy.row(1);
        copy.cell(FieldType::kDecimal, batch, row, 0);
    }
    copy.end();
    ASSERT_TRUE(session->copyBegin("COPY n (v) FROM STDIN (FORMAT binary)").ok());
    ASSERT_TRUE(session->copySend(copy.bytes()).ok());
    ASSERT_TRUE(session->copyEnd().ok());
    const auto rows = valueOf(session->run("SELECT v FROM n ORDER BY row"));
    ASSERT_EQ(rows.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(rows.text(i, 0), values[i]);
}

}  // namespace
}  // namespace yimen::sync::postgres
