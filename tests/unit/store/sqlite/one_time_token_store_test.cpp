#include "unit/store/conformance/one_time_token.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, OneTimeTokenConformance, SqliteBackend);

}  // namespace yimen::store::test
