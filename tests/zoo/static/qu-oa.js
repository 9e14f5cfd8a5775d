var xhr = new XMLHttpRequest();
xhr.open('GET', '/oa/main.nsf/(todo)?ReadViewEntries&count=200&OutputFormat=JSON', true);
xhr.onreadystatechange = function () {
  if (xhr.readyState == 4 && xhr.status == 200) {
    var d = eval('(' + xhr.responseText + ')');
    document.getElementById('count').innerHTML = d['@toplevelentries'] + ' ' + d.viewentry[0].handler;
  }
};
xhr.send(null);
