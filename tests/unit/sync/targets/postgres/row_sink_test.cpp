#include "sync/targets/postgres/row_sink.h"

#include <random>

#include "unit/sync/targets/refusals.h"

namespace yimen::sync {
namespace {

using PostgresRefusals = RefusalTest<PostgresBackend>;

TEST_F(PostgresRefusals, BecomeDeadLettersAndLeaveNoTrace) {
    play();
}

TEST_F(PostgresRefusals, AreOfARowWhoseTextTheServerDoesNotTake) {
    prepare(people());
    begin();
    std::string random;  // an index of PostgreSQL holds a third of a page
    std::mt19937 letters(1);
    for (int i = 0; i < 9000; ++i) random += static_cast<char>('a' + letters() % 26);
    EXPECT_EQ(commit({{{"a", "\xff", "1"}}, {{"b", "1", "1"}}, {{random.c_str(), "1", "1"}}}),
              (Counters{3, 1, 0, 0, 2, 0, 0, 0}));
    EXPECT_EQ(stored(), "b|1|1\n");
}

TEST_F(PostgresRefusals, NeverTouchWhatDidNotChange) {
    prepare(people());
    begin();
    commit({{{"a", "1", "1"}}, {{"b", "1", "1"}}});
    ASSERT_TRUE(backend.sql("CREATE TABLE before AS SELECT xmin::text AS x, id FROM people"));
    begin();
    EXPECT_EQ(commit({{{"a", "1", "1"}}, {{"b", "2", "1"}}}).unchanged, 1U);
    EXPECT_TRUE(
        backend.sql("SELECT 1 / count(*) FROM people p JOIN before b USING (id) WHERE p.xmin::text = b.x AND "
                    "id = 'a'"));
    EXPECT_FALSE(
        backend.sql("SELECT 1 / count(*) FROM people p JOIN before b USING (id) WHERE p.xmin::text = b.x AND "
                    "id = 'b'"));
}

TEST_F(PostgresRefusals, CommentsSayWhatTablesAndColumnsAre) {
    prepare(people());
    EXPECT_TRUE(
        backend.sql("SELECT 1 / count(*) FROM pg_description WHERE objoid = 'people'::regclass AND "
                    "description = '人员 ZS-01'"));
    EXPECT_TRUE(
        backend.sql("SELECT 1 / count(*) FROM pg_description WHERE objoid = 'people'::regclass AND "
                    "description = '编号'"));
}

}  // namespace
}  // namespace yimen::sync
