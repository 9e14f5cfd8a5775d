(function () {
  var app = document.getElementById('app');
  function call(url, options) {
    return fetch(url, options).then(function (r) {
      if (r.status === 401) {
        app.innerHTML = '<p class="err">登录已失效，请重新进入</p>';
        throw new Error('401');
      }
      return r.json();
    });
  }
  function el(tag, text, parent) {
    var e = document.createElement(tag);
    e.textContent = text;
    parent.appendChild(e);
    return e;
  }
  function list() {
    call('/grid/api/event/list?page=1&kw=').then(function (d) {
      app.textContent = '';
      var ul = el('ul', '', app);
      d.list.forEach(function (v) {
        el('a', v.event_no + ' ' + v.title, el('li', '', ul)).href = '#/event/' + v.event_no;
      });
      el('a', '导出', app).href = '/grid/api/export';
    });
  }
  function detail(no) {
    call('/grid/api/event/' + no).then(function (d) {
      app.textContent = '';
      el('h2', d.title, app);
      el('p', d.content, app);
      el('img', '', app).src = d.photo;
      var box = el('textarea', '', app);
      box.id = 'opinion';
      var button = el('button', '处置', app);
      var result = el('p', '', app);
      result.id = 'result';
      button.onclick = function () {
        call('/grid/api/event/' + no + '/handle', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ opinion: box.value }),
        }).then(function (r) {
          result.textContent = r.handler + '：' + r.opinion;
        });
      };
    });
  }
  function route() {
    var m = /^#\/event\/(\w+)$/.exec(location.hash);
    if (m) detail(m[1]);
    else list();
  }
  window.onhashchange = route;
  call('/grid/api/me').then(function (d) {
    document.getElementById('user').textContent = d.name + '（' + d.org + '）';
  });
  route();
})();
