#include "unit/store/conformance/person.h"

namespace yimen::store::test {

INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, PeopleConformance, SqliteBackend);

}  // namespace yimen::store::test
