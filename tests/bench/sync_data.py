"""The register that the benchmarks of the sync engine read, and the adapters that read it: the mapping work of a row is 13
columns renamed, 2 trimmed, 3 code tables, a date in 4 spellings, the check digit of an ID number."""
import os

COLUMNS = "id, xm, sfzh, xb, mz, csrq, dz, dh, jd, sq, zt, bz, gx"
TABLE = """(id bigint PRIMARY KEY, xm text, sfzh text, xb text, mz text, csrq text, dz text, dh text, jd text, sq text,
            zt text, bz text, gx text)"""
BORN = "date '1950-01-01' + (({id}) * 7919 % 20000)::int"
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


def fill(table, first, rows):
    """Rows of about 190 bytes of Chinese text, made by arithmetic."""
    number = "'210211' || to_char(born, 'YYYYMMDD') || lpad((g % 1000)::text, 3, '0')"
    check = " + ".join(f"{w} * (ascii(substr(n, {i + 1}, 1)) - 48)" for i, w in enumerate(WEIGHTS))
    return f"""INSERT INTO {table} SELECT g,
        CASE g % 5 WHEN 0 THEN ' 王小明　' WHEN 1 THEN '欧阳建国' ELSE '张三' || g % 997 END,
        n || substr('10X98765432', ({check}) % 11 + 1, 1), (ARRAY['1', '2', '9'])[g % 3 + 1],
        (ARRAY['01', '06', '10', '11'])[g % 4 + 1],
        to_char(born, (ARRAY['YYYY-MM-DD', 'YYYY/FMMM/FMDD', 'YYYYMMDD', 'YYYY"年"FMMM"月"FMDD"日"'])[g % 4 + 1]),
        '辽宁省大连市甘井子区中华路街道泉水社区' || g % 9973 || '号' || CASE g % 5 WHEN 2 THEN ' ' ELSE '' END,
        '139' || lpad((g % 100000000)::text, 8, '0'), '210211008', '210211008003', (g % 3 + 1)::text, '已核对,无异议',
        '2026-06-' || lpad((g % 30 + 1)::text, 2, '0') || ' 08:00:00'
        FROM (SELECT g, born, {number} AS n FROM (SELECT g, {BORN.format(id="g")} AS born
              FROM generate_series({first}::bigint, {first + rows - 1}::bigint) g) made) numbered"""


# What the target must hold afterwards, made of the key alone.
TRUTH = f"SELECT count(*) || ' ' || sum(hashtext(id || ' ' || ({BORN.format(id='id')}) || ' ' || sfzh)::bigint) FROM people"
FOUND = "SELECT count(*) || ' ' || sum(hashtext(id || ' ' || born || ' ' || id_no)::bigint) FROM {schema}.people"

FIELDS = """      - {to: id, from: id, type: integer, key: true}
      - {to: name, from: xm}
      - {to: id_no, from: sfzh, check: id_card, trim: false}
      - {to: sex, from: xb, code: xb, trim: false}
      - {to: nation, from: mz, code: mz, trim: false}
      - {to: born, from: csrq, type: date, date: ["yyyy-MM-dd", "yyyy/M/d", "yyyyMMdd", "yyyy年M月d日"]}
      - {to: address, from: dz}
      - {to: phone, from: dh, trim: false}
      - {to: street, from: jd, trim: false}
      - {to: community, from: sq, trim: false}
      - {to: state, from: zt, code: zt, trim: false}
      - {to: note, from: bz, trim: false}
      - {to: updated, from: gx, type: datetime, date: ["yyyy-MM-dd HH:mm:ss"]}
"""
SCRIPTED = """    script: map.lua
    fields:
      - {to: id, type: integer, key: true}
      - {to: born, type: date}
      - {to: updated, type: datetime}
""" + "".join(f"      - {{to: {name}, trim: false}}\n" for name in
              ("name", "id_no", "sex", "nation", "address", "phone", "street", "community", "state", "note"))
BODY = """return {id = r.id, name = H.trim(r.xm), id_no = H.id_card(r.sfzh), sex = H.code(r.xb, 'xb'),
nation = H.code(r.mz, 'mz'), born = H.date(r.csrq, 'yyyy-MM-dd', 'yyyy/M/d', 'yyyyMMdd', 'yyyy年M月d日'),
address = H.trim(r.dz), phone = r.dh, street = r.jd, community = r.sq, state = H.code(r.zt, 'zt'), note = r.bz,
updated = H.datetime(r.gx, 'yyyy-MM-dd HH:mm:ss')} end}
"""
CODES = """codes:
  xb: {"1": 男, "2": 女, "9": 未说明}
  mz: {"01": 汉族, "10": 朝鲜族, "11": 满族, "06": 苗族}
  zt: {"1": 待受理, "2": 处置中, "3": 办结}
"""


def adapter(root, name, server, database, read, deletes="{how: absent}", script=None):
    """A folder `bench` with a data.yaml of one item; gives its path. `script`: map or map_batch."""
    folder = os.path.join(root, name, "bench")
    os.makedirs(folder)
    with open(os.path.join(folder, "data.yaml"), "w") as file:
        file.write("api: 1\nsystem: bench\n"
                   f"source: {{kind: postgresql, host: {server.folder}, database: {database}, user: yimen, tls: disable}}\n"
                   f"items:\n  - code: BENCH\n    table: people\n    title: {{zh: 人口}}\n    read: {read}\n"
                   f"    deletes: {deletes}\n" + (SCRIPTED if script else "    fields:\n" + FIELDS) + CODES)
    if script:
        with open(os.path.join(folder, "map.lua"), "w") as file:
            file.write(f"return {{{script} = function(r)\n{BODY}")
    return folder


def cells_adapter(root, server):
    """A table with one large text per row."""
    folder = os.path.join(root, "cells", "bench")
    os.makedirs(folder)
    with open(os.path.join(folder, "data.yaml"), "w") as file:
        file.write("api: 1\nsystem: bench\n"
                   f"source: {{kind: postgresql, host: {server.folder}, database: cells, user: yimen, tls: disable}}\n"
                   "items:\n  - code: CELLS\n    table: cells\n    title: {zh: 大格}\n    read: {table: cells}\n"
                   "    deletes: {how: absent}\n    fields:\n      - {to: id, from: id, type: integer, key: true}\n"
                   "      - {to: body, from: body}\n")
    return folder
