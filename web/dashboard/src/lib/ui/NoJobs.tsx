import Empty from './Empty';

// Where there is no job at all: how there come to be some.
export default function NoJobs() {
  return (
    <Empty title="There are no jobs yet">
      Write one file for each into <code>jobs.d</code>, as in <code>docs/own-jobs</code>; <code>hotclock import-crontab</code> judges a
      crontab, <code>hotclock demo</code> fills a new database to play with.
    </Empty>
  );
}
