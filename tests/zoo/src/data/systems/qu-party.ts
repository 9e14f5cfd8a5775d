// qu-party: the source gives its lights at night only, so that they are late on the last day of a month (the trait of this
// system): the record has what is needed to work them out anew.
import type { Row } from '../ledger.ts';
import { MariaData } from '../sql_servers.ts';
import { kTables } from '../tables/qu-party.ts';

export class QuParty extends MariaData {
  protected override flag = { column: 'del_flag', type: 'char(1)', living: '0', gone: (_: Row) => '2' };

  constructor() {
    super('qu-party', kTables);
  }
}
