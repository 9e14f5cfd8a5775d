#include "unit/store/conformance/second_factor.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SecondFactorConformance, SqliteBackend);

}  // namespace yimen::store::test
