import './Skeleton.css';

// Room for what is on its way, as high as that will be.
export default function Skeleton({ rows = 3, height = 44 }: { rows?: number; height?: number }) {
  return (
    <div class="Skeleton skeleton" aria-busy="true" style={{ height: `${rows * height}px`, backgroundSize: `100% ${height}px` }}>
      <span class="unseen">Loading</span>
    </div>
  );
}
